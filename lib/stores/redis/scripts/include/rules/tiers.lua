-- The tiers of lib/policy/ladder.ts.

local function thresholdOf(p, tier)
  return p[P_FIRST_TIER + 2 * (tier - 1)]
end

local function cooloffOf(p, tier)
  return p[P_FIRST_TIER + 2 * (tier - 1) + 1]
end

-- The number of failures that sets the next lock; past the last tier every further failure locks.
local function nextThreshold(p, failures)
  for at = P_FIRST_TIER, #p, 2 do
    if p[at] > failures then
      return p[at]
    end
  end
  return failures + 1
end
