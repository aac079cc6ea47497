-- Lifts the lock of one subject and forgets its failures: reset(), erase() and resetLockedBy() of lib/policy/manage.ts.
--
-- KEYS: the record, the indexes of locks of all dimensions: one may still name a record that is gone.
-- ARGV: the clock of a test or '', 'reset', 'erase' or 'lift', and for 'lift' the lease that must have set the lock.
-- Returns the time, and the state as it was, or false.
--- @include "time"
--- @include "record/record"
--- @include "record/state"
--- @include "record/expires-at"
--- @include "record/save"
--- @include "rules/forget"
local now, keepMs = timeOf(ARGV[1])
local raw = redis.call('GET', KEYS[1])

local function leaveIndexes()
  for index = 2, #KEYS do
    redis.call('ZREM', KEYS[index], KEYS[1])
  end
end

if not raw then
  leaveIndexes()
  return { now, false }
end

local what = ARGV[2]
local state = stateOf(raw)
local isThisLock = state[LOCKED_UNTIL] > now and state[LOCKED_BY] == ARGV[3]
if what ~= 'lift' or isThisLock then
  makeCurrent(state, now)
  resetState(state)
  if what == 'erase' then
    state[DEVICES_SINCE] = 0
    state[DEVICES_UNTIL] = 0
  end
  leaveIndexes()
  save(KEYS[1], state, now, keepMs, 0)
end
return { now, fieldsOf(raw) }
