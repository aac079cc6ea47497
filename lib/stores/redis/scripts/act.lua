-- Appends an act of an operator, and removes those that are too old or too many.
--
-- KEYS: the index of acts by time, the same of what users did themselves, what the keys of acts begin with; the hash tag keeps them
-- on this node.
-- ARGV: the clock of a test or '', the id, the act as JSON, how long it is kept, how many are kept, how many of users among them, 1 if it
-- is one.
--- @include "time"
local now, keepMs = timeOf(ARGV[1])
local index, own, prefix, id = KEYS[1], KEYS[2], KEYS[3], ARGV[2]
local untilMs = later(now, tonumber(ARGV[4]))
local lives = untilMs - now + keepMs
local REMOVED_AT_ONCE = 100

local function remove(ids)
  for _, old in ipairs(ids) do
    redis.call('ZREM', index, old)
    redis.call('ZREM', own, old)
    redis.call('DEL', prefix .. old)
  end
end

local function add(set)
  redis.call('ZADD', set, now, id)
  if redis.call('PTTL', set) < lives then
    redis.call('PEXPIRE', set, lives)
  end
end

local function removeSurplus(set, max)
  local surplus = redis.call('ZCOUNT', set, '-inf', '+inf') - tonumber(max)
  if surplus > 0 then
    remove(redis.call('ZRANGE', set, 0, math.min(surplus, REMOVED_AT_ONCE) - 1))
  end
end

redis.call('HSET', prefix .. id, 'at', now, 'until', untilMs, 'act', ARGV[3])
redis.call('PEXPIRE', prefix .. id, lives)
add(index)
if ARGV[7] == '1' then
  add(own)
end
remove(redis.call('ZRANGE', index, '-inf', now - tonumber(ARGV[4]), 'BYSCORE', 'LIMIT', 0, REMOVED_AT_ONCE))
removeSurplus(own, ARGV[6])
removeSurplus(index, ARGV[5])
