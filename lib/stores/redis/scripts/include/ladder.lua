-- The rules of lib/policy/ladder.ts.

-- The number of failures that sets the next lock; past the last tier every further failure locks.
local function nextThreshold(at, failures)
  local first = at + P_FIRST_TIER
  for tier = first, first + 2 * (number(at + P_TIERS) - 1), 2 do
    local threshold = number(tier)
    if threshold > failures then
      return threshold
    end
  end
  return failures + 1
end

-- The tier that exactly this number of failures reaches, from 1, or 0; past the last tier, the last one.
local function tierReachedAt(at, failures)
  local tiers = number(at + P_TIERS)
  for tier = 1, tiers do
    local threshold = number(at + P_FIRST_TIER + 2 * (tier - 1))
    if threshold >= failures then
      return threshold == failures and tier or 0
    end
  end
  return tiers
end

local function thresholdOf(at, tier)
  return number(at + P_FIRST_TIER + 2 * (tier - 1))
end

local function cooloffOf(at, tier)
  return number(at + P_FIRST_TIER + 2 * (tier - 1) + 1)
end

local function untilHardStop(state, at)
  local failures = number(at + P_HARD_STOP)
  return failures > 0 and math.max(1, failures - state[CONSECUTIVE]) or math.huge
end

-- How many attempts may be verified at once before the next lock, less those already being verified; never more than the first
-- tier has room for, or a reset would leave more under way than fit below it.
local function freeSlots(state, at)
  local taken = #state[LEASES] / 2
  if isRowOnly(at) then
    return untilHardStop(state, at) - taken
  end
  local failures = state[FAILURES]
  local untilTier = nextThreshold(at, failures) - failures
  return math.min(untilTier, untilHardStop(state, at), thresholdOf(at, 1)) - taken
end
