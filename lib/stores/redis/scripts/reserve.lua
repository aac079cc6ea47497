-- Takes a slot of each subject of an attempt, or none: lib/policy/{reserve,several}.ts.
--
-- KEYS: the records.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, then for each record: dimension, id of the lease
-- ('' to look only), how long the lease lasts, rules.
-- Returns the time, and each state as it was, or false.
--- @include "time"
--- @include "state"
--- @include "policy"
--- @include "ladder"
local A_DIMENSION = 0
local A_LEASE_ID = 1
local A_LEASE_MS = 2
local A_RULES = 3
local A_LENGTH = 4

local now = timeOf(ARGV[1])
local keepMs = tonumber(ARGV[2])

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
local function outcomeOf(state, p, id)
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

local function addLease(key, state, id, untilMs)
  local leases = state[LEASES]
  local last = #leases
  leases[last + 1] = id
  leases[last + 2] = untilMs
  save(key, state, now, keepMs)
  -- The answer is the state before.
  leases[last + 2] = nil
  leases[last + 1] = nil
end

local raws = redis.call('MGET', unpack(KEYS))
local reply = { now }
local granted = {}
local isAnyRefused = false
for index, raw in ipairs(raws) do
  local at = 3 + (index - 1) * A_LENGTH
  local id = ARGV[at + A_LEASE_ID]
  -- What is unknown always has a slot.
  local outcome = id ~= '' and 'granted'
  local state = false
  if raw then
    state = stateOf(raw)
    makeCurrent(state, now)
    outcome = outcomeOf(state, cjson.decode(ARGV[at + A_RULES]), id)
  end
  isAnyRefused = isAnyRefused or outcome == 'refused'
  granted[index] = outcome == 'granted' and at
  reply[index + 1] = state
end

for index, at in ipairs(isAnyRefused and {} or granted) do
  if at then
    local key, state, id = KEYS[index], reply[index + 1], ARGV[at + A_LEASE_ID]
    local untilMs = later(now, tonumber(ARGV[at + A_LEASE_MS]))
    if state then
      addLease(key, state, id, untilMs)
    else
      write(key, leasedState(ARGV[at + A_DIMENSION], id, untilMs), untilMs, now, keepMs)
    end
  end
end

for index = 2, #reply do
  if reply[index] then
    trimmed(reply[index])
  end
end
return reply
