-- Takes a slot of each subject of an attempt, or none: lib/policy/{reserve,several}.ts.
--
-- KEYS: the records.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, then for each record: dimension, id of the lease
-- ('' to look only), rules.
-- Returns the time, and each state as it was, or false.
--- @include "time"
--- @include "state"
--- @include "policy"
--- @include "ladder"
local A_DIMENSION = 0
local A_LEASE_ID = 1
local A_RULES = 2

local function isHeld(state, id)
  local leases = state[LEASES]
  for at = 1, #leases, 2 do
    if leases[at] == id then
      return true
    end
  end
  return false
end

-- 'refused', 'granted' for a slot to be written, or false where nothing is to be written.
local function outcomeOf(state, p, id, now)
  if id == '' then
    return false
  end
  if isRefused(state, p, now) then
    return 'refused'
  end
  if isHeld(state, id) then
    return false
  end
  return freeSlots(state, p) > 0 and 'granted' or 'refused'
end

local now = timeOf(ARGV[1])
local keepMs = number(2)
local raws = redis.call('MGET', unpack(KEYS))
local reply = { now }
local states, granted = {}, {}
local isAnyRefused = false
local at = 3
for index, raw in ipairs(raws) do
  local state = stateOf(raw, ARGV[at + A_DIMENSION])
  local p = at + A_RULES
  makeCurrent(state, now)
  local outcome = outcomeOf(state, p, ARGV[at + A_LEASE_ID], now)
  if outcome == 'refused' then
    isAnyRefused = true
  elseif outcome == 'granted' then
    granted[index] = at
  end
  states[index] = state
  reply[index + 1] = raw and state
  at = p + policyLength(p)
end

if not isAnyRefused then
  for index, start in pairs(granted) do
    local state = states[index]
    local leases = state[LEASES]
    local last = #leases
    leases[last + 1] = ARGV[start + A_LEASE_ID]
    leases[last + 2] = later(now, number(start + A_RULES + P_LEASE_TIMEOUT_MS))
    save(KEYS[index], state, now, keepMs)
    -- The answer is the state before.
    leases[last + 2] = nil
    leases[last + 1] = nil
  end
end

for _, state in ipairs(states) do
  trimmed(state)
end
return reply
