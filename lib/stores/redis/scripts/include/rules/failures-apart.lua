-- Failures that do not simply count: under a lock, and on a known device.
--- @include "rules/consecutive"
--- @include "rules/tiers"

-- Under a lock this count stops one short of the hard stop, which would otherwise be passed without its lock.
local function countConsecutiveUnderLock(state, p, spelling, now)
  if state[CONSECUTIVE] + 1 < p[P_HARD_STOP] then
    countConsecutive(state, p, spelling, now)
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
  local from = p[P_FORGET_FROM_FIRST] == 1 and state[FIRST_AT] or math.max(now, state[LOCKED_UNTIL])
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
    --- @include "rules/lock"
    lockByHardStop(state, p, now, leaseId)
  end
end
