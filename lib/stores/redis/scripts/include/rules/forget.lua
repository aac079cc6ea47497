-- What is forgotten of a subject.

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
