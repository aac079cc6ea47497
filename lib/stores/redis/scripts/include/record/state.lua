-- The state of a subject: all fields of its record, with those that are not stored.
local BY_TIER = 1
local BY_HARD_STOP = 2
local BY_OPERATOR = 3

local TAKEN_BACK_WINDOW_MS = 86400000
local REPEATS_WINDOW_MS = 60000

-- What is stored, with the fields that were left out; without a record, that of an unknown subject.
local function stateOf(raw, dimension)
  if not raw then
    return { {}, dimension, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {}, 0, 0, {}, {}, {}, 0, 0, 0, '', '', '' }
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
  --- @include "rules/lapsed"
  if state[LOCKED_UNTIL] > now then
    return
  end
  local isRowDue = state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] <= now
  -- Without failures, a lock that has ended leaves nothing.
  local isDue = state[FORGET_AT] <= now or state[FAILURES] == 0
  local areFailuresDue = isDue and (state[FAILURES] > 0 or state[LOCKED_UNTIL] > 0)
  if isRowDue or areFailuresDue then
    --- @include "rules/forget"
    if isRowDue then
      forgetConsecutive(state)
    end
    if areFailuresDue then
      forgetFailures(state)
    end
  end
end
