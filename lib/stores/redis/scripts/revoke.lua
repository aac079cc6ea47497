-- Revokes the known devices of one subject: revokeDevices() of lib/policy/manage.ts.
--
-- KEYS: the record.
-- ARGV: the clock of a test or '', dimension, for how long.
-- Returns the time, and the state as it was, or false.
--- @include "time"
--- @include "record/record"
--- @include "record/state"
--- @include "record/expires-at"
--- @include "record/save"
local now, keepMs = timeOf(ARGV[1])
local raw = redis.call('GET', KEYS[1])
local state = stateOf(raw, ARGV[2])
makeCurrent(state, now)
-- A token issued within this very millisecond is revoked.
state[DEVICES_SINCE] = math.max(now + 1, state[DEVICES_SINCE])
state[DEVICES_UNTIL] = math.max(later(now, tonumber(ARGV[3])), state[DEVICES_UNTIL])
save(KEYS[1], state, now, keepMs, 0)
return { now, raw and fieldsOf(raw) }
