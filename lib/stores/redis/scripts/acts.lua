-- Returns one act of an operator, or acts between two times, newest first.
--
-- KEYS: the index of acts by time, what the keys of acts begin with.
-- ARGV: the clock of a test or '', an id or '', from which time, until which time, how many to skip, to walk and to return, then texts that the
-- act must contain as it was appended.
-- Returns how many were walked, 1 at the end, then of each that is still kept: id, time, and its fields and values, one after the other.
--- @include "time"
local A_TEXTS = 6

local function hasAll(key)
  if #ARGV < A_TEXTS then
    return true
  end
  local act = redis.call('HGET', key, 'act')
  for at = A_TEXTS, #ARGV do
    if not act or not string.find(act, ARGV[at], 1, true) then
      return false
    end
  end
  return true
end

local now = timeOf(ARGV[1])
local ids = { ARGV[2] }
local count, most = 1, 1
if ARGV[2] == '' then
  local skipped, counted, wanted = string.match(ARGV[5], '^(%d+) (%d+) (%d+)$')
  count, most = tonumber(counted), tonumber(wanted)
  ids = redis.call('ZRANGE', KEYS[1], ARGV[4], ARGV[3], 'BYSCORE', 'REV', 'LIMIT', skipped, counted)
end
local reply = { #ids, #ids < count and 1 or 0 }
local found = 0
for at, id in ipairs(ids) do
  local fields = hasAll(KEYS[2] .. id) and redis.call('HGETALL', KEYS[2] .. id) or {}
  local named = {}
  for field = 1, #fields, 2 do
    named[fields[field]] = fields[field + 1]
  end
  -- A server expires keys at its own pace, and a test's clock is not its own.
  if named['until'] and tonumber(named['until']) > now then
    reply[#reply + 1] = id
    reply[#reply + 1] = named['at']
    reply[#reply + 1] = fields
    found = found + 1
    if found == most and at < #ids then
      reply[1], reply[2] = at, 0
      break
    end
  end
end
return reply
