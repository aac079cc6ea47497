-- A record: one array, packed, whose fields are those of `SubjectState` in lib/policy/state.ts. No field is ever nil, which
-- would end the array: 0 stands for "never", and '' for "nobody". Rare fields come last, and those that say nothing are not
-- stored.
local DIMENSION = 1
local FAILURES = 2
local LOCKED_UNTIL = 3
local FORGET_AT = 4
local FIRST_AT = 5
local LAST_AT = 6
-- Lists, each flat: id and end of a lease; place, spelling, failures, last failure and the time since the first of a source;
-- spelling and failures.
local LEASES = 7
local SOURCES = 8
local SPELLINGS = 9
local GUESSES = 10
local TAKEN_BACK = 11
local CONSECUTIVE = 12
local CONSECUTIVE_UNTIL = 13
local REPEATS = 14
local REPEATS_SINCE = 15
local IS_SPRAYED = 16
local DEVICES_SINCE = 17
local DEVICES_UNTIL = 18
local CAUSE = 19
-- One more than the index of the tier.
local TIER = 20
local LIMIT = 21
local REASON = 22
local BY = 23
local LOCKED_BY = 24

local LAST_FIELD = 24
local LAST_LIST = 11
local LAST_ALWAYS = 6

local BY_TIER = 1
local BY_HARD_STOP = 2
local BY_OPERATOR = 3

local TAKEN_BACK_WINDOW_MS = 86400000
local REPEATS_WINDOW_MS = 60000

local function unknownState(dimension)
  return { dimension, 0, 0, 0, 0, 0, {}, {}, {}, {}, {}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', '' }
end

-- The record of an attempt on a subject about which nothing else is known.
local function leasedState(dimension, id, untilMs)
  return { dimension, 0, 0, 0, 0, 0, { id, untilMs } }
end

-- Whether that is all that is stored.
local function isLeasedOnly(stored, id, untilMs)
  if #stored ~= LEASES or stored[FAILURES] > 0 or stored[LOCKED_UNTIL] > 0 or stored[FORGET_AT] > 0 then
    return false
  end
  local leases = stored[LEASES]
  return #leases == 2 and leases[1] == id and leases[2] == untilMs
end

-- What is stored, with the fields that were left out.
local function stateOf(raw, dimension)
  local state = unknownState(dimension)
  if raw then
    local stored = cmsgpack.unpack(raw)
    for field = 1, #stored do
      state[field] = stored[field]
    end
  end
  return state
end

-- Leaves out what says nothing at the end. The state is good only for packing or answering afterwards.
local function trimmed(state)
  local last = LAST_FIELD
  while last > LAST_LIST and (state[last] == 0 or state[last] == '') do
    state[last] = nil
    last = last - 1
  end
  while last > LAST_ALWAYS and last <= LAST_LIST and #state[last] == 0 do
    state[last] = nil
    last = last - 1
  end
  return state
end

local function isLocked(state, now)
  return state[LOCKED_UNTIL] > now
end

-- Removes failures and lock, nothing else.
local function forgetFailures(state)
  state[FAILURES] = 0
  state[LOCKED_UNTIL] = 0
  state[FORGET_AT] = 0
  state[SOURCES] = {}
  state[FIRST_AT] = 0
  state[LAST_AT] = 0
  state[GUESSES] = {}
  state[IS_SPRAYED] = 0
  state[CAUSE] = 0
  state[TIER] = 0
  state[LIMIT] = 0
  state[REASON] = ''
  state[BY] = ''
  state[LOCKED_BY] = ''
end

local function forgetConsecutive(state)
  state[CONSECUTIVE] = 0
  state[CONSECUTIVE_UNTIL] = 0
  state[SPELLINGS] = {}
end

-- Keeps the attempts being verified right now, and the revocation of devices.
local function resetState(state)
  forgetFailures(state)
  forgetConsecutive(state)
  state[TAKEN_BACK] = {}
  state[REPEATS] = 0
  state[REPEATS_SINCE] = 0
end

local function dropEndedLeases(state, now)
  local leases = state[LEASES]
  for at = #leases, 2, -2 do
    if leases[at] <= now then
      table.remove(leases, at)
      table.remove(leases, at - 1)
    end
  end
end

-- Makes it the state as of now: without leases that are over, and failures that are due to be forgotten. Nothing is forgotten
-- under a lock.
local function makeCurrent(state, now)
  dropEndedLeases(state, now)
  if state[DEVICES_UNTIL] <= now then
    state[DEVICES_SINCE] = 0
    state[DEVICES_UNTIL] = 0
  end
  if isLocked(state, now) then
    return
  end
  if state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] <= now then
    forgetConsecutive(state)
  end
  -- Without failures, a lock that has ended leaves nothing.
  local isDue = state[FORGET_AT] <= now or state[FAILURES] == 0
  if isDue and (state[FAILURES] > 0 or state[LOCKED_UNTIL] > 0) then
    forgetFailures(state)
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

-- The time to live is relative, so that a test's clock may show any time, and a little longer than the record: what counts is
-- what the record says.
local function write(key, state, untilMs, now, keepMs)
  if untilMs >= FOREVER then
    redis.call('SET', key, cmsgpack.pack(state))
  else
    redis.call('SET', key, cmsgpack.pack(state), 'PX', untilMs - now + keepMs)
  end
end

-- Writes a record, or removes it when nothing of it matters.
local function save(key, state, now, keepMs)
  local untilMs = expiresAt(state)
  if untilMs > now then
    write(key, trimmed(state), untilMs, now, keepMs)
  else
    redis.call('DEL', key)
  end
end
