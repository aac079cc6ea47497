-- A page of the locks of one dimension, by their end and then by key.
--
-- KEYS: the index of locks.
-- ARGV: the clock of a test or '', how many, and the end and the key after which to continue, or ''.
-- Returns keys and ends in turn.
--- @include "time"
local locks = KEYS[1]
local now, limit, lastUntil, lastKey = timeOf(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]

-- By bytes, as a sorted set orders them; Lua's own comparison goes by the locale of the server.
local function isAfter(key, other)
  for at = 1, math.min(#key, #other) do
    local byte, otherByte = string.byte(key, at), string.byte(other, at)
    if byte ~= otherByte then
      return byte > otherByte
    end
  end
  return #key > #other
end

-- The rank of the first lock after the last page, whether or not the last one of that page is still locked. Many may end at the
-- same time: those until reset.
local function rankAfter()
  local low = redis.call('ZCOUNT', locks, '-inf', '(' .. lastUntil)
  local high = redis.call('ZCOUNT', locks, '-inf', lastUntil)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if isAfter(redis.call('ZRANGE', locks, middle, middle)[1], lastKey) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- Those that have ended are not pruned yet.
local first = redis.call('ZCOUNT', locks, '-inf', now)
if lastKey ~= '' then
  first = math.max(first, rankAfter())
end
return redis.call('ZRANGE', locks, first, first + limit - 1, 'WITHSCORES')
