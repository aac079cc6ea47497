-- Takes a slot of each subject of an attempt, or none: lib/policy/{reserve,several}.ts.
--
-- KEYS: the records.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, then for each record: dimension, id of the lease
-- ('' to look only), how long the lease lasts, how long a record lasts that holds nothing else, rules.
-- Returns the time alone if nothing is known of any subject, otherwise in a list with each state as it was, or false; of a subject
-- that is not locked, only the head.
--- @include "time"
local A_DIMENSION = 0
local A_LEASE_ID = 1
local A_LEASE_MS = 2
local A_ALONE_MS = 3
local A_RULES = 4
local A_LENGTH = 5
local A_FIRST = 3

--- @include "record"
local now = timeOf(ARGV[1])
local raws = redis.call('MGET', unpack(KEYS))

-- Creates the record of a subject that is unknown: it always has a slot.
local function create(index)
  local at = A_FIRST + (index - 1) * A_LENGTH
  local id = ARGV[at + A_LEASE_ID]
  if id ~= '' then
    local untilMs = later(now, ARGV[at + A_LEASE_MS])
    local record = leaseAlone(ARGV[at + A_DIMENSION], id, string.format('%.0f', untilMs))
    redis.call('SET', KEYS[index], record, 'PX', ARGV[at + A_ALONE_MS])
  end
end

local isAnyKnown = false
for index = 1, #KEYS do
  isAnyKnown = isAnyKnown or raws[index]
end
-- Most logins end here.
if not isAnyKnown then
  for index = 1, #KEYS do
    create(index)
  end
  return now
end

--- @include "state"
--- @include "head"
local function isHeld(leases, id)
  for at = 1, #leases, 2 do
    if leases[at] == id then
      return true
    end
  end
  return false
end

-- 'refused', 'granted' for a slot to be written, or false where nothing is to be written.
local function outcomeOf(state, at)
  local id, leases = ARGV[at + A_LEASE_ID], state[LEASES]
  if id == '' then
    return false
  end
  -- Whatever the rules are, there is one slot at least.
  if #leases == 0 and not isLocked(state, now) then
    return 'granted'
  end
  --- @include "policy"
  --- @include "ladder"
  local p = cjson.decode(ARGV[at + A_RULES])
  if isRefused(state, p, now) then
    return 'refused'
  end
  if isHeld(leases, id) then
    return false
  end
  return freeSlots(state, p) > 0 and 'granted' or 'refused'
end

local reply = { now }
local rests = {}
local granted = {}
local isAnyRefused = false
for index = 1, #KEYS do
  local at = A_FIRST + (index - 1) * A_LENGTH
  local raw = raws[index]
  local outcome = ARGV[at + A_LEASE_ID] ~= '' and 'granted'
  local state = false
  if raw then
    state, rests[index] = headOf(raw, now)
    if not state then
      state = stateOf(raw)
      makeCurrent(state, now)
    end
    outcome = outcomeOf(state, at)
  end
  isAnyRefused = isAnyRefused or outcome == 'refused'
  granted[index] = outcome == 'granted'
  reply[index + 1] = state
end

local function addLease(index)
  local at = A_FIRST + (index - 1) * A_LENGTH
  local state, keepMs = reply[index + 1], tonumber(ARGV[2])
  local leases = state[LEASES]
  local last = #leases
  leases[last + 1] = ARGV[at + A_LEASE_ID]
  leases[last + 2] = later(now, ARGV[at + A_LEASE_MS])
  if rests[index] then
    saveHead(KEYS[index], state, rests[index], now, keepMs)
  else
    save(KEYS[index], state, now, keepMs)
  end
  -- The answer is the state before.
  leases[last + 2] = nil
  leases[last + 1] = nil
end

for index = 1, #KEYS do
  if granted[index] and not isAnyRefused then
    if reply[index + 1] then
      addLease(index)
    else
      create(index)
    end
  end
end
return reply
