-- Removes one record if nothing of it matters any more.
--
-- KEYS: the record.
-- ARGV: the clock of a test or ''.
-- Returns 1 if it did, otherwise 0.
--- @include "time"
--- @include "record/record"
--- @include "record/state"
--- @include "record/expires-at"
local raw = redis.call('GET', KEYS[1])
if not raw or expiresAt(stateOf(raw)) > timeOf(ARGV[1]) then
  return 0
end
return redis.call('DEL', KEYS[1])
