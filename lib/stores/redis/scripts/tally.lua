-- How many locks some dimensions have.
--
-- KEYS: their indexes of locks.
-- ARGV: the clock of a test or ''.
--- @include "time"
local now = timeOf(ARGV[1])
local count = 0
for index = 1, #KEYS do
  -- Those that have ended are not pruned yet.
  count = count + redis.call('ZCOUNT', KEYS[index], '(' .. now, '+inf')
end
return count
