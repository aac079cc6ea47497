-- The rules of lib/policy/settle.ts for a failure: the only place where traffic causes locks.

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

local function countConsecutive(state, p, spelling, now)
  state[CONSECUTIVE] = state[CONSECUTIVE] + 1
  state[CONSECUTIVE_UNTIL] = later(now, p[P_HARD_STOP_FORGET_MS])
  countSpelling(state, spelling)
end

-- Under a lock this count stops one short of the hard stop, which would otherwise be passed without its lock.
local function countConsecutiveUnderLock(state, p, spelling, now)
  if state[CONSECUTIVE] + 1 < p[P_HARD_STOP] then
    countConsecutive(state, p, spelling, now)
  end
end

local function dateFailure(state, place, spelling, now)
  if state[FAILURES] == 0 or state[FIRST_AT] == 0 then
    state[FIRST_AT] = now
  end
  state[LAST_AT] = now
  countSource(state, place, spelling, now)
end

-- From when on failures are forgotten some time later.
local function forgetFrom(state, p, lastAt)
  return p[P_FORGET_FROM_FIRST] == 1 and state[FIRST_AT] or lastAt
end

local function countFailure(state, p, place, spelling, guess, now, leaseId)
  local hardStop = p[P_HARD_STOP]
  if hardStop > 0 then
    countConsecutive(state, p, spelling, now)
  end
  dateFailure(state, place, spelling, now)
  state[FAILURES] = state[FAILURES] + 1
  state[FORGET_AT] = later(forgetFrom(state, p, now), p[P_FORGET_AFTER_MS])
  rememberGuess(state, guess)
  local names = p[P_SPRAY_NAMES]
  if names > 0 and state[IS_SPRAYED] == 0 and #state[SOURCES] >= names * SOURCE_LENGTH and placesOf(state[SOURCES]) >= names then
    state[IS_SPRAYED] = 1
  end
  -- The hard stop comes first because its lock is longer.
  if hardStop > 0 and state[CONSECUTIVE] >= hardStop then
    lockByHardStop(state, p, now, leaseId)
    return
  end
  local tier = tierReachedAt(p, state[FAILURES])
  if tier > 0 then
    lockByTier(state, p, now, tier, leaseId)
  end
end

-- A verdict that arrives under a lock counts, but stops one short of the next tier, which would otherwise be passed without its
-- lock.
local function countUnderLock(state, p, place, spelling, now)
  countConsecutiveUnderLock(state, p, spelling, now)
  local failures = math.min(state[FAILURES] + 1, nextThreshold(p, state[FAILURES]) - 1)
  if failures == state[FAILURES] then
    return
  end
  dateFailure(state, place, spelling, now)
  state[FAILURES] = failures
  local from = forgetFrom(state, p, math.max(now, state[LOCKED_UNTIL]))
  state[FORGET_AT] = later(from, p[P_FORGET_AFTER_MS])
end

-- The username of an attempt on a known device: consecutive failures are counted on, whatever the ladder has locked meanwhile.
local function countRowOnly(state, p, spelling, now, leaseId)
  local hardStop = p[P_HARD_STOP]
  if hardStop == 0 then
    return
  end
  if isRefused(state, p, now) then
    countConsecutiveUnderLock(state, p, spelling, now)
    return
  end
  countConsecutive(state, p, spelling, now)
  if state[CONSECUTIVE] >= hardStop then
    lockByHardStop(state, p, now, leaseId)
  end
end
