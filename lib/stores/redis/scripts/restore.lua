-- Sets a lifted lock again, with the failures of then: restore() of lib/policy/manage.ts.
--
-- KEYS: the record, the index of locks of its dimension, the dimensions with locks.
-- ARGV: the clock of a test or '', dimension, failures, until when to lock, when to forget the failures, the first and the last failure
-- or 0, cause, one more than the tier or 0, limit or 0, reason or '', name of the operator or '', the lease that locked or ''.
-- Returns the time, and the state as it was, or false.
--- @include "time"
--- @include "record/record"
--- @include "record/state"
--- @include "record/expires-at"
--- @include "record/save"
--- @include "record/locks"
local now, keepMs = timeOf(ARGV[1])
local raw = redis.call('GET', KEYS[1])
local state = stateOf(raw, ARGV[2])
local failures, untilMs = tonumber(ARGV[3]), tonumber(ARGV[4])
local firstAt, lastAt = tonumber(ARGV[6]), tonumber(ARGV[7])
makeCurrent(state, now)
if state[LOCKED_UNTIL] <= now and untilMs > now then
  state[FAILURES] = math.max(state[FAILURES], failures)
  state[LOCKED_UNTIL] = untilMs
  if failures > 0 then
    state[FORGET_AT] = math.max(state[FORGET_AT], tonumber(ARGV[5]))
  end
  if firstAt > 0 and (state[FIRST_AT] == 0 or firstAt < state[FIRST_AT]) then
    state[FIRST_AT] = firstAt
  end
  state[LAST_AT] = math.max(state[LAST_AT], lastAt)
  state[CAUSE] = tonumber(ARGV[8])
  state[TIER] = tonumber(ARGV[9])
  state[LIMIT] = tonumber(ARGV[10])
  state[REASON] = ARGV[11]
  state[BY] = ARGV[12]
  state[LOCKED_BY] = ARGV[13]
  indexLock(state, KEYS[1], now, KEYS[2], KEYS[3])
  save(KEYS[1], state, now, keepMs, 0)
end
return { now, raw and fieldsOf(raw) }
