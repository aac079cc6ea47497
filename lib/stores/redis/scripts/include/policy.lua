-- The rules of one subject, as arguments of the script: numbers from the position `at` on, as toPolicyArguments() writes them.
-- They are read where they stand: a table of them would take longer to make than most steps need.
local P_ROW_ONLY = 0
local P_HARD_STOP = 1
local P_HARD_STOP_FORGET_MS = 2
local P_LEASE_TIMEOUT_MS = 3
local P_FORGET_AFTER_MS = 4
local P_FORGET_FROM = 5
local P_RESET_ON_SUCCESS = 6
local P_MAX_TAKEN_BACK = 7
local P_SPRAY_NAMES = 8
local P_TIERS = 9
-- Then the threshold and the cool-off of each tier, ascending.
local P_FIRST_TIER = 10

local function number(at)
  return tonumber(ARGV[at])
end

-- How many arguments the rules take.
local function policyLength(at)
  return P_FIRST_TIER + 2 * number(at + P_TIERS)
end

local function isRowOnly(at)
  return ARGV[at + P_ROW_ONLY] == '1'
end

-- Where a row alone is counted, a lock of the ladder does not refuse.
local function isRefused(state, at, now)
  return state[LOCKED_UNTIL] > now and not (isRowOnly(at) and state[TIER] > 0)
end
