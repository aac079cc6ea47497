-- The server's clock. A script's effects are replicated, not the script, so reading it is safe.

-- Later than any real instant, and still a whole number to everything between here and JavaScript: "until reset".
local FOREVER = 253402300799999

-- How long a key outlives its end: servers expire keys by a coarser clock than scripts read. By the clock of a test, time may stand
-- still for long.
local KEEP_MS = 1000
local KEEP_BY_OWN_CLOCK_MS = 3600000

-- The time of the whole step in epoch milliseconds, the server's or that of the clock passed in by tests, and for how long keys
-- outlive their end.
local function timeOf(fixed)
  if fixed ~= '' then
    return tonumber(fixed), KEEP_BY_OWN_CLOCK_MS
  end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), KEEP_MS
end

-- Some milliseconds later, never beyond FOREVER.
local function later(from, ms)
  return math.min(from + ms, FOREVER)
end
