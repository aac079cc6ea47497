-- What a success forgives: lib/policy/sources.ts.
--- @include "sources/spellings"
--- @include "sources/places"
--- @include "rules/ladder"
--- @include "rules/tiers"

local function removeFrom(list, at, length)
  for _ = 1, length do
    table.remove(list, at)
  end
end

-- Ends the run of failures under the spelling of a success, wherever they came from.
local function endRow(state, spelling)
  local at = spelling ~= '' and indexOfSpelling(state[SPELLINGS], spelling)
  if not at then
    return
  end
  state[CONSECUTIVE] = state[CONSECUTIVE] - state[SPELLINGS][at + 1]
  if state[CONSECUTIVE] <= 0 then
    state[CONSECUTIVE_UNTIL] = 0
  end
  removeFrom(state[SPELLINGS], at, SPELLING_LENGTH)
end

local function sumOfSources(sources)
  local sum = 0
  for at = 3, #sources, SOURCE_LENGTH do
    sum = sum + sources[at]
  end
  return sum
end

-- Sets the dates of the remaining failures, or a stranger's would be remembered for as long as the owner mistypes.
local function setDates(state, p)
  local sources = state[SOURCES]
  if sumOfSources(sources) == state[FAILURES] then
    local first, last = math.huge, 0
    for at = 4, #sources, SOURCE_LENGTH do
      first = math.min(first, sources[at] - sources[at + 1])
      last = math.max(last, sources[at])
    end
    state[FIRST_AT] = first
    state[LAST_AT] = last
  end
  local forgetAfterMs = p[P_FORGET_AFTER_MS]
  if p[P_FORGET_FROM_FIRST] == 1 then
    if state[FIRST_AT] > 0 then
      state[FORGET_AT] = later(state[FIRST_AT], forgetAfterMs)
    end
  elseif state[LAST_AT] > 0 then
    -- Quiet time starts at the end of the lock that these failures reached on their own, if they did.
    local tier = tierReachedAt(p, state[FAILURES])
    local lockMs = tier > 0 and cooloffOf(p, tier) or 0
    state[FORGET_AT] = math.min(state[FORGET_AT], later(state[LAST_AT], lockMs + forgetAfterMs))
  end
end

local function recentlyTakenBack(state, now)
  local recent = {}
  for _, takenAt in ipairs(state[TAKEN_BACK]) do
    if takenAt + TAKEN_BACK_WINDOW_MS > now then
      recent[#recent + 1] = takenAt
    end
  end
  return recent
end

-- Takes back the failures from the source of a success, within what is left for today; nothing while more attempts are being
-- verified than could then fail before the next lock.
local function takeBack(state, p, place, spelling, now)
  local sources = state[SOURCES]
  local own = indexOfSource(sources, place, spelling)
  if not own then
    return
  end
  local recent = recentlyTakenBack(state, now)
  local most = p[P_MAX_TAKEN_BACK]
  local taken = math.min(sources[own + 2], most - #recent)
  local failures = state[FAILURES] - taken
  if taken <= 0 or failures + #state[LEASES] / 2 > nextThreshold(p, failures) then
    return
  end
  sources[own + 2] = sources[own + 2] - taken
  if sources[own + 2] <= 0 then
    removeFrom(sources, own, SOURCE_LENGTH)
  end
  if most >= FOREVER then
    recent = {}
  else
    for _ = 1, taken do
      recent[#recent + 1] = now
    end
  end
  state[TAKEN_BACK] = recent
  state[FAILURES] = failures
  if state[IS_SPRAYED] == 1 and placesOf(sources) < p[P_SPRAY_NAMES] / 2 then
    state[IS_SPRAYED] = 0
  end
  if failures > 0 then
    setDates(state, p)
  else
    forgetFailures(state)
  end
end
