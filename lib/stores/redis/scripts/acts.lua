-- Returns one act of an operator, or acts between two times, newest first.
--
-- KEYS: the index of acts by time, what the keys of acts begin with.
-- ARGV: the clock of a test or '', an id or '', from which time, until which time, how many to skip and to return.
-- Returns how many were walked, then of each that is still kept: id, time, and its fields and values, one after the other.
--- @include "time"
local now = timeOf(ARGV[1])
local ids = { ARGV[2] }
if ARGV[2] == '' then
  local skipped, count = string.match(ARGV[5], '^(%d+) (%d+)$')
  ids = redis.call('ZRANGE', KEYS[1], ARGV[4], ARGV[3], 'BYSCORE', 'REV', 'LIMIT', skipped, count)
end
local reply = { #ids }
for _, id in ipairs(ids) do
  local fields = redis.call('HGETALL', KEYS[2] .. id)
  local named = {}
  for at = 1, #fields, 2 do
    named[fields[at]] = fields[at + 1]
  end
  -- A server expires keys at its own pace, and a test's clock is not its own.
  if named['until'] and tonumber(named['until']) > now then
    reply[#reply + 1] = id
    reply[#reply + 1] = named['at']
    reply[#reply + 1] = fields
  end
end
return reply
