-- Reads records.
--
-- KEYS: the records.
-- ARGV: the clock of a test or ''.
-- Returns the time, and each state, or false.
--- @include "time"
--- @include "record/record"
local reply = { (timeOf(ARGV[1])) }
for index, raw in ipairs(redis.call('MGET', unpack(KEYS))) do
  reply[index + 1] = raw and fieldsOf(raw)
end
return reply
