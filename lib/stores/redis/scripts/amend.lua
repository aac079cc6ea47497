-- Sets fields of an act of an operator; nothing if it is gone.
--
-- KEYS: the act.
-- ARGV: not used, then each field and its value as JSON.
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], unpack(ARGV, 2))
end
