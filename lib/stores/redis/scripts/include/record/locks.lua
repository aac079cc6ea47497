-- The index of locks: for each dimension a sorted set of keys by the end of their lock, and the set of these dimensions. It is
-- written in the same step as the record. A lock that ends by itself leaves its entry, which a later lock prunes.
local PRUNED_AT_ONCE = 10

local function indexLock(state, key, now, locks, dimensions)
  if state[LOCKED_UNTIL] <= now then
    redis.call('ZREM', locks, key)
    return
  end
  redis.call('ZADD', locks, state[LOCKED_UNTIL], key)
  redis.call('SADD', dimensions, state[DIMENSION])
  local ended = redis.call('ZRANGE', locks, '-inf', now, 'BYSCORE', 'LIMIT', 0, PRUNED_AT_ONCE)
  if #ended > 0 then
    redis.call('ZREM', locks, unpack(ended))
  end
end
