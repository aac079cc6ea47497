-- How many attempts may be verified at once: lib/policy/reserve.ts.

local function untilHardStop(state, p)
  local failures = p[P_HARD_STOP]
  return failures > 0 and math.max(1, failures - state[CONSECUTIVE]) or math.huge
end

-- How many attempts may be verified at once before the next lock, less those already being verified; never more than the first
-- tier has room for, or a reset would leave more under way than fit below it.
local function freeSlots(state, p)
  local taken = #state[LEASES] / 2
  if p[P_ROW_ONLY] == 1 then
    return untilHardStop(state, p) - taken
  end
  local failures = state[FAILURES]
  local untilTier = nextThreshold(p, failures) - failures
  return math.min(untilTier, untilHardStop(state, p), thresholdOf(p, 1)) - taken
end
