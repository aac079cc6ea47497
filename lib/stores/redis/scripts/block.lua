-- Locks one subject by hand, whatever lock there was: block() of lib/policy/manage.ts.
--
-- KEYS: the record, the index of locks of its dimension, the dimensions with locks.
-- ARGV: the clock of a test or '', dimension, how long to lock, forgetAfter, reason or '', name of the operator or ''.
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
makeCurrent(state, now)
state[LOCKED_UNTIL] = later(now, tonumber(ARGV[3]))
-- Failures that were kept only because of a longer lock are forgotten with it.
state[FORGET_AT] = math.min(state[FORGET_AT], later(state[LOCKED_UNTIL], tonumber(ARGV[4])))
state[CAUSE] = BY_OPERATOR
state[TIER] = 0
state[LIMIT] = 0
state[REASON] = ARGV[5]
state[BY] = ARGV[6]
state[LOCKED_BY] = ''
indexLock(state, KEYS[1], now, KEYS[2], KEYS[3])
save(KEYS[1], state, now, keepMs, 0)
return { now, raw and fieldsOf(raw) }
