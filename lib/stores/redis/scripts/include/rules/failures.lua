-- The rules of lib/policy/settle.ts for a failure: the only place where traffic causes locks.

local function countFailure(state, p, place, spelling, guess, now, leaseId)
  local hardStop = p[P_HARD_STOP]
  if hardStop > 0 then
    --- @include "rules/consecutive"
    countConsecutive(state, p, spelling, now)
  end
  dateFailure(state, place, spelling, now)
  state[FAILURES] = state[FAILURES] + 1
  state[FORGET_AT] = later(p[P_FORGET_FROM_FIRST] == 1 and state[FIRST_AT] or now, p[P_FORGET_AFTER_MS])
  if guess ~= '' then
    --- @include "rules/repeats"
    rememberGuess(state, guess)
  end
  local names = p[P_SPRAY_NAMES]
  if names > 0 and state[IS_SPRAYED] == 0 and #state[SOURCES] >= names * SOURCE_LENGTH then
    --- @include "sources/places"
    if placesOf(state[SOURCES]) >= names then
      state[IS_SPRAYED] = 1
    end
  end
  local tier = tierReachedAt(p, state[FAILURES])
  local isHardStop = hardStop > 0 and state[CONSECUTIVE] >= hardStop
  if isHardStop or tier > 0 then
    --- @include "rules/lock"
    -- The hard stop comes first because its lock is longer.
    if isHardStop then
      lockByHardStop(state, p, now, leaseId)
    else
      lockByTier(state, p, now, tier, leaseId)
    end
  end
end
