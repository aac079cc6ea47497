-- Removes from an index locks that have ended.
--
-- KEYS: the index of locks.
-- ARGV: the clock of a test or '', how many at most.
-- Returns how many it removed.
--- @include "time"
local ended = redis.call('ZRANGE', KEYS[1], '-inf', timeOf(ARGV[1]), 'BYSCORE', 'LIMIT', 0, ARGV[2])
if #ended > 0 then
  redis.call('ZREM', KEYS[1], unpack(ended))
end
return #ended
