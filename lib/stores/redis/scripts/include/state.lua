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
  -- One after the other: a loop with conditions takes several times as long.
  state[FIRST_AT] = state[FIRST_AT] or 0
  state[LAST_AT] = state[LAST_AT] or 0
  state[SOURCES] = state[SOURCES] or {}
  state[SPELLINGS] = state[SPELLINGS] or {}
  state[GUESSES] = state[GUESSES] or {}
  state[IS_SPRAYED] = state[IS_SPRAYED] or 0
  state[CAUSE] = state[CAUSE] or 0
  state[LIMIT] = state[LIMIT] or 0
  state[REASON] = state[REASON] or ''
  state[BY] = state[BY] or ''
  state[LOCKED_BY] = state[LOCKED_BY] or ''
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
  local last, devicesUntil = state[LOCKED_UNTIL], state[DEVICES_UNTIL]
  if devicesUntil > last then
    last = devicesUntil
  end
  if state[FAILURES] > 0 and state[FORGET_AT] > last then
    last = state[FORGET_AT]
  end
  if state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] > last then
    last = state[CONSECUTIVE_UNTIL]
  end
  if state[REPEATS] > 0 and state[REPEATS_SINCE] + REPEATS_WINDOW_MS > last then
    last = state[REPEATS_SINCE] + REPEATS_WINDOW_MS
  end
  local takenBack = state[TAKEN_BACK]
  if #takenBack > 0 and takenBack[#takenBack] + TAKEN_BACK_WINDOW_MS > last then
    last = takenBack[#takenBack] + TAKEN_BACK_WINDOW_MS
  end
  local leases = state[LEASES]
  for at = 2, #leases, 2 do
    if leases[at] > last then
      last = leases[at]
    end
  end
  return last
end

-- Writes a record that is packed, or removes it when nothing of it matters. The time to live is relative, so that a test's clock may show any
-- time, and a little longer than the record: what counts is what the record says. It stays as it is if the key is kept for long
-- enough already, which takes less than half the time.
local function write(key, record, untilMs, now, keepMs, keptUntil)
  if untilMs <= now then
    redis.call('DEL', key)
  elseif untilMs <= keptUntil then
    redis.call('SET', key, record, 'KEEPTTL')
  elseif untilMs >= FOREVER then
    redis.call('SET', key, record)
  else
    redis.call('SET', key, record, 'PX', untilMs - now + keepMs)
  end
end

-- Until when the key of a record is kept at least, that was read: as long as its failures. 0 if there is none.
local function keptUntilOf(state)
  return state[FAILURES] > 0 and state[FORGET_AT] or 0
end

-- The last field that says something.
local function lastFieldOf(state)
  if state[LOCKED_BY] ~= '' then
    return LOCKED_BY
  elseif state[BY] ~= '' then
    return BY
  elseif state[REASON] ~= '' then
    return REASON
  elseif state[LIMIT] ~= 0 then
    return LIMIT
  elseif state[CAUSE] ~= 0 then
    return CAUSE
  elseif state[IS_SPRAYED] ~= 0 then
    return IS_SPRAYED
  elseif #state[GUESSES] > 0 then
    return GUESSES
  elseif #state[SPELLINGS] > 0 then
    return SPELLINGS
  elseif #state[SOURCES] > 0 then
    return SOURCES
  elseif state[LAST_AT] ~= 0 then
    return LAST_AT
  elseif state[FIRST_AT] ~= 0 then
    return FIRST_AT
  end
  return LAST_OF_HEAD
end

-- As `write`.
local function save(key, state, now, keepMs, keptUntil)
  write(key, cmsgpack.pack(unpack(state, 1, lastFieldOf(state))), expiresAt(state), now, keepMs, keptUntil)
end
