-- What a failure locks.
--- @include "rules/tiers"

local function lock(state, p, now, cooloffMs, leaseId)
  state[LOCKED_UNTIL] = later(now, cooloffMs)
  -- A lock is not quiet time: "after the last failure" starts when the subject can try again.
  if p[P_FORGET_FROM_FIRST] ~= 1 then
    state[FORGET_AT] = later(state[LOCKED_UNTIL], p[P_FORGET_AFTER_MS])
  end
  state[REASON] = ''
  state[BY] = ''
  state[LOCKED_BY] = leaseId
end

local function lockByHardStop(state, p, now, leaseId)
  state[CAUSE] = BY_HARD_STOP
  state[TIER] = 0
  state[LIMIT] = p[P_HARD_STOP]
  lock(state, p, now, FOREVER, leaseId)
end

local function lockByTier(state, p, now, tier, leaseId)
  state[CAUSE] = BY_TIER
  state[TIER] = tier
  state[LIMIT] = thresholdOf(p, tier)
  lock(state, p, now, cooloffOf(p, tier), leaseId)
end
