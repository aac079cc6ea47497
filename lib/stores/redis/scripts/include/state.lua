-- The state of a subject: all fields of its record, with those that are not stored.
local BY_TIER = 1
local BY_HARD_STOP = 2
local BY_OPERATOR = 3

local TAKEN_BACK_WINDOW_MS = 86400000
local REPEATS_WINDOW_MS = 60000

local function unknownState(dimension)
  return { {}, dimension, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, 0, 0, {}, {}, {}, 0, 0, 0, '', '', '' }
end

-- What is stored, with the fields that were left out.
local function stateOf(raw, dimension)
  if not raw then
    return unknownState(dimension)
  end
  local state = fieldsOf(raw)
  for field = #state + 1, LAST_FIELD do
    if field >= FIRST_TEXT then
      state[field] = ''
    elseif field >= FIRST_LIST and field <= LAST_LIST then
      state[field] = {}
    else
      state[field] = 0
    end
  end
  return state
end

-- Makes it the state as of now: without leases that are over, and failures that are due to be forgotten. Nothing is forgotten
-- under a lock.
local function makeCurrent(state, now)
  local leases = state[LEASES]
  for at = #leases, 2, -2 do
    if leases[at] <= now then
      table.remove(leases, at)
      table.remove(leases, at - 1)
    end
  end
  if state[DEVICES_UNTIL] <= now then
    state[DEVICES_SINCE] = 0
    state[DEVICES_UNTIL] = 0
  end
  if state[LOCKED_UNTIL] > now then
    return
  end
  local isRowDue = state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] <= now
  -- Without failures, a lock that has ended leaves nothing.
  local isDue = state[FORGET_AT] <= now or state[FAILURES] == 0
  local areFailuresDue = isDue and (state[FAILURES] > 0 or state[LOCKED_UNTIL] > 0)
  if isRowDue or areFailuresDue then
    --- @include "forget"
    if isRowDue then
      forgetConsecutive(state)
    end
    if areFailuresDue then
      forgetFailures(state)
    end
  end
end

-- When nothing of it matters any more.
local function expiresAt(state)
  local last = math.max(state[LOCKED_UNTIL], state[DEVICES_UNTIL])
  if state[FAILURES] > 0 then
    last = math.max(last, state[FORGET_AT])
  end
  if state[CONSECUTIVE] > 0 then
    last = math.max(last, state[CONSECUTIVE_UNTIL])
  end
  if state[REPEATS] > 0 then
    last = math.max(last, state[REPEATS_SINCE] + REPEATS_WINDOW_MS)
  end
  local takenBack = state[TAKEN_BACK]
  if #takenBack > 0 then
    last = math.max(last, takenBack[#takenBack] + TAKEN_BACK_WINDOW_MS)
  end
  local leases = state[LEASES]
  for at = 2, #leases, 2 do
    last = math.max(last, leases[at])
  end
  return last
end

-- Writes a record that is packed, or removes it when nothing of it matters. The time to live is relative, so that a test's clock may show any
-- time, and a little longer than the record: what counts is what the record says.
local function write(key, record, untilMs, now, keepMs)
  if untilMs <= now then
    redis.call('DEL', key)
  elseif untilMs >= FOREVER then
    redis.call('SET', key, record)
  else
    redis.call('SET', key, record, 'PX', untilMs - now + keepMs)
  end
end

local function save(key, state, now, keepMs)
  local last = LAST_FIELD
  while last > LAST_OF_HEAD do
    local value = state[last]
    local isList = last >= FIRST_LIST and last <= LAST_LIST
    if isList and #value > 0 or not isList and value ~= 0 and value ~= '' then
      break
    end
    last = last - 1
  end
  write(key, cmsgpack.pack(unpack(state, 1, last)), expiresAt(state), now, keepMs)
end
