-- The dimensions that have an index of locks.
--
-- KEYS: their set.
return redis.call('SMEMBERS', KEYS[1])
