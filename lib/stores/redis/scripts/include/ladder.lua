-- The rules of lib/policy/ladder.ts.

-- The number of failures that sets the next lock; past the last tier every further failure locks.
local function nextThreshold(p, failures)
  for at = P_FIRST_TIER, #p, 2 do
    if p[at] > failures then
      return p[at]
    end
  end
  return failures + 1
end

-- The tier that exactly this number of failures reaches, from 1, or 0; past the last tier, the last one.
local function tierReachedAt(p, failures)
  for at = P_FIRST_TIER, #p, 2 do
    if p[at] >= failures then
      return p[at] == failures and (at - P_FIRST_TIER) / 2 + 1 or 0
    end
  end
  return (#p - P_FIRST_TIER + 1) / 2
end

local function thresholdOf(p, tier)
  return p[P_FIRST_TIER + 2 * (tier - 1)]
end

local function cooloffOf(p, tier)
  return p[P_FIRST_TIER + 2 * (tier - 1) + 1]
end

local function untilHardStop(state, p)
  local failures = p[P_HARD_STOP]
  return failures > 0 and math.max(1, failures - state[CONSECUTIVE]) or math.huge
end

-- How many attempts may be verified at once before the next lock, less those already being verified; never more than the first
-- tier has room for, or a reset would leave more under way than fit below it.
local function freeSlots(state, p)
  local taken = #state[LEASES] / 2
  if isRowOnly(p) then
    return untilHardStop(state, p) - taken
  end
  local failures = state[FAILURES]
  local untilTier = nextThreshold(p, failures) - failures
  return math.min(untilTier, untilHardStop(state, p), thresholdOf(p, 1)) - taken
end
