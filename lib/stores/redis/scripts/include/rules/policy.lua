-- The rules of one subject, as the array that toRules() writes.
local P_ROW_ONLY = 1
-- 0 without one.
local P_HARD_STOP = 2
local P_HARD_STOP_FORGET_MS = 3
local P_FORGET_AFTER_MS = 4
-- 1 for 'first', 0 for 'last'.
local P_FORGET_FROM_FIRST = 5
-- 1 for the same place, 2 for 'all'.
local P_RESET_ON_SUCCESS = 6
local P_MAX_TAKEN_BACK = 7
-- 0 without the check.
local P_SPRAY_NAMES = 8
-- Then the threshold and the cool-off of each tier, ascending.
local P_FIRST_TIER = 9

local SAME_PLACE = 1
local ALL = 2

-- Where a row alone is counted, a lock of the ladder does not refuse.
local function isRefused(state, p, now)
  return state[LOCKED_UNTIL] > now and not (p[P_ROW_ONLY] == 1 and state[TIER] > 0)
end
