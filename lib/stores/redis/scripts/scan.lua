-- Walks a bounded part of the records and returns those wanted, in no order. Inside a script, so that on a cluster it runs where
-- the records are, and only what is wanted leaves the server.
--
-- KEYS: what the keys of all records begin with.
-- ARGV: the clock of a test or '', the cursor of SCAN, its pattern, how many records to return, about how many to walk, a dimension
-- or '', then 'all' or 'any' and the parts of which a key must have all or one.
-- Returns the time, the next cursor ('0' at the end), the keys that were found beyond the number, then keys and states in turn.
--- @include "time"
--- @include "record/record"
--- @include "made-of"
local A_PARTS = 8
-- Fewer at a time are hardly faster.
local FEWEST = 10
-- As many at a time while none is found: the server compares names with a pattern much faster than a script does.
local MOST = 1000

local pattern, limit, left, dimension = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local cursor = ARGV[2]
local more = {}
local reply = { timeOf(ARGV[1]), cursor, more }
local found = 0
local seen = {}
local count = FEWEST
repeat
  count = math.max(count, limit - found)
  local answer = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', count)
  cursor = answer[1]
  left = left - count
  local keys = {}
  for _, key in ipairs(answer[2]) do
    -- SCAN may return a key twice.
    if not seen[key] and isMadeOf(key, #KEYS[1] + 1, ARGV[7], A_PARTS) then
      seen[key] = true
      keys[#keys + 1] = key
    end
  end
  count = #keys == 0 and math.min(count * 2, MOST) or FEWEST
  local raws = #keys > 0 and redis.call('MGET', unpack(keys)) or {}
  for index, raw in ipairs(raws) do
    local state = raw and fieldsOf(raw)
    if state and (dimension == '' or state[DIMENSION] == dimension) then
      if found < limit then
        found = found + 1
        reply[#reply + 1] = keys[index]
        reply[#reply + 1] = state
      else
        more[#more + 1] = keys[index]
      end
    end
  end
until cursor == '0' or found >= limit or left <= 0
reply[2] = cursor
return reply
