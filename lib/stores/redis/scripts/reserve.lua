-- Takes a slot of each subject of an attempt, or none: lib/policy/{reserve,several}.ts.
--
-- KEYS: the records.
-- ARGV: the clock of a test or '', then for each record: how long the lease lasts, whose lease it is, and rules. Whose it is: the
-- dimension, a blank, and the id of the lease ('' to look only). Each argument costs as much as a step of the script.
-- Returns the time alone if nothing is known of any subject, otherwise in a list with an answer for each, which is false for one
-- that is unknown and whose slot is taken (or only looked at): 'taken', failures, consecutive failures, leases with this one, since
-- when devices are revoked, end of the lease; 'free', since when devices are revoked; 'busy'; or 'locked', failures, consecutive
-- failures and the lock. Of 'taken', the failures come alone if all that follows is as usual: 0, 1, 0, and a lease that begins now.
--- @include "time"
local BLANK = 32
local A_LEASE_MS = 0
local A_WHOSE = 1
local A_RULES = 2
local A_LENGTH = 3
local A_FIRST = 2

local now, keepMs = timeOf(ARGV[1])
local raws = redis.call('MGET', unpack(KEYS))

-- Creates the record of a subject that is unknown: it always has a slot.
local function create(index)
  local at = A_FIRST + (index - 1) * A_LENGTH
  local whose, leaseMs = ARGV[at + A_WHOSE], ARGV[at + A_LEASE_MS]
  if string.byte(whose, -1) ~= BLANK then
    local record = string.format('%.0f ', later(now, leaseMs)) .. whose
    redis.call('SET', KEYS[index], record, 'PX', leaseMs + keepMs)
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

--- @include "record/head"
local function idOf(whose)
  return string.sub(whose, string.find(whose, ' ', 1, true) + 1)
end

-- The answer for a subject that is known; true if its slot can be taken and is to be written.
local function decide(state, at)
  local id, leases = idOf(ARGV[at + A_WHOSE]), state[LEASES]
  -- Whatever the rules are, there is one slot at least.
  if id ~= '' and #leases == 0 and state[LOCKED_UNTIL] <= now then
    return true
  end
  --- @include "rules/policy"
  --- @include "rules/tiers"
  --- @include "rules/slots"
  local p = cjson.decode(ARGV[at + A_RULES])
  if isRefused(state, p, now) then
    --- @include "record/lock-facts"
    local answer = { 'locked', state[FAILURES], state[CONSECUTIVE] }
    addLock(answer, state)
    return answer
  end
  if id == '' then
    return { 'free', state[DEVICES_SINCE] }
  end
  for held = 1, #leases, 2 do
    if leases[held] == id then
      return { 'taken', state[FAILURES], state[CONSECUTIVE], #leases / 2, state[DEVICES_SINCE], leases[held + 1] }
    end
  end
  if freeSlots(state, p) > 0 then
    return true
  end
  return { 'busy' }
end

local states, rests = {}, {}
local reply = { now }
local isAnyRefused = false
for index = 1, #KEYS do
  local at = A_FIRST + (index - 1) * A_LENGTH
  local raw = raws[index]
  local answer = false
  if raw then
    local state, rest = headOf(raw, now)
    if not state then
      --- @include "record/record"
      --- @include "record/state"
      state = stateOf(raw)
      makeCurrent(state, now)
    end
    states[index], rests[index] = state, rest
    answer = decide(state, at)
    local isRefused = answer ~= true and (answer[1] == 'busy' or answer[1] == 'locked')
    isAnyRefused = isAnyRefused or (isRefused and string.byte(ARGV[at + A_WHOSE], -1) ~= BLANK)
  end
  reply[index + 1] = answer
end

for index = 1, #KEYS do
  local answer = reply[index + 1]
  if isAnyRefused then
    -- None is taken, but for what was taken earlier under the same id.
    if not answer then
      reply[index + 1] = { 'free', 0 }
    elseif answer == true then
      reply[index + 1] = { 'free', states[index][DEVICES_SINCE] }
    end
  elseif answer == true then
    local at = A_FIRST + (index - 1) * A_LENGTH
    local state, rest = states[index], rests[index]
    local leases = state[LEASES]
    local last = #leases
    leases[last + 1], leases[last + 2] = idOf(ARGV[at + A_WHOSE]), later(now, ARGV[at + A_LEASE_MS])
    if rest then
      saveHead(KEYS[index], state, rest, now, keepMs)
    else
      --- @include "record/expires-at"
      --- @include "record/save"
      save(KEYS[index], state, now, keepMs, 0)
    end
    answer = state[FAILURES]
    if last > 0 or state[CONSECUTIVE] > 0 or state[DEVICES_SINCE] > 0 then
      answer = { 'taken', answer, state[CONSECUTIVE], last / 2 + 1, state[DEVICES_SINCE] }
    end
    reply[index + 1] = answer
  elseif not answer then
    create(index)
  end
end
return reply
