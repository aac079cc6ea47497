-- Returns the counts of some hours.
--
-- KEYS: the hours.
-- ARGV: none that is used.
-- Returns for each hour its fields and values, one after the other: f, r, s or l for failed, refused, succeeded and locks, and the
-- minute.
local reply = {}
for hour = 1, #KEYS do
  reply[hour] = redis.call('HGETALL', KEYS[hour])
end
return reply
