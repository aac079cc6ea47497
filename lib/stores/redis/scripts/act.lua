-- Appends an act of an operator, and removes those that are too old or too many.
--
-- KEYS: the index of acts by time, what the keys of acts begin with; the hash tag keeps them on this node.
-- ARGV: the clock of a test or '', milliseconds that a key outlives its end, the id, the act as JSON, how long it is kept, how many
-- are kept.
--- @include "time"
local now = timeOf(ARGV[1])
local index, prefix, id = KEYS[1], KEYS[2], ARGV[3]
local untilMs = later(now, tonumber(ARGV[5]))
local lives = untilMs - now + tonumber(ARGV[2])
local REMOVED_AT_ONCE = 100

local function remove(ids)
  for _, old in ipairs(ids) do
    redis.call('ZREM', index, old)
    redis.call('DEL', prefix .. old)
  end
end

redis.call('HSET', prefix .. id, 'at', now, 'until', untilMs, 'act', ARGV[4])
redis.call('PEXPIRE', prefix .. id, lives)
redis.call('ZADD', index, now, id)
if redis.call('PTTL', index) < lives then
  redis.call('PEXPIRE', index, lives)
end
remove(redis.call('ZRANGE', index, '-inf', now - tonumber(ARGV[5]), 'BYSCORE', 'LIMIT', 0, REMOVED_AT_ONCE))
local surplus = redis.call('ZCOUNT', index, '-inf', '+inf') - tonumber(ARGV[6])
if surplus > 0 then
  remove(redis.call('ZRANGE', index, 0, math.min(surplus, REMOVED_AT_ONCE) - 1))
end
