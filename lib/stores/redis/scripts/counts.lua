-- Returns the counts of some hours.
--
-- KEYS: the hours.
-- ARGV: none that is used.
-- Returns for each hour a text of its fields and values, one after the other: f, r, s or l for failed, refused, succeeded and locks,
-- and the minute. A client reads one long string much faster than hundreds of short ones.
local reply = {}
for hour = 1, #KEYS do
  reply[hour] = table.concat(redis.call('HGETALL', KEYS[hour]), ' ')
end
return reply
