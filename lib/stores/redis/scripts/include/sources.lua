-- The rules of lib/policy/sources.ts: where failures came from, and which of them a success takes back.
local MAX_SOURCES = 64
local MAX_SPELLINGS = 16
-- Numbers that one source, and one spelling, take in their lists.
local SOURCE_LENGTH = 5
local SPELLING_LENGTH = 2
-- Hexadecimal digits: 36 bits.
local TAG_CHARS = 9

-- Short tags, made with a secret that never leaves the server. They are bound to the record, so that two records do not reveal
-- that the same person failed at both. No tag is empty: that is the unknown source.
local function tagOf(secret, purpose, key, text)
  return string.sub(redis.sha1hex(secret .. purpose .. key .. '\n' .. text), 1, TAG_CHARS)
end

local function indexOfSource(sources, place, spelling)
  for at = 1, #sources, SOURCE_LENGTH do
    if sources[at] == place and sources[at + 1] == spelling then
      return at
    end
  end
  return nil
end

local function indexOfSpelling(spellings, spelling)
  for at = 1, #spellings, SPELLING_LENGTH do
    if spellings[at] == spelling then
      return at
    end
  end
  return nil
end

-- Whether a list has room for one more known entry; the unknown one is not counted.
local function hasRoom(length, max, unknownAt)
  return (unknownAt and length - 1 or length) < max
end

local function countSource(state, place, spelling, now)
  local sources = state[SOURCES]
  local at = indexOfSource(sources, place, spelling)
  if not at and spelling ~= '' then
    local unknownAt = indexOfSource(sources, '', '')
    if not hasRoom(#sources / SOURCE_LENGTH, MAX_SOURCES, unknownAt) then
      place, spelling, at = '', '', unknownAt
    end
  end
  if at then
    sources[at + 2] = sources[at + 2] + 1
    sources[at + 4] = sources[at + 4] + now - sources[at + 3]
    sources[at + 3] = now
    return
  end
  local last = #sources
  sources[last + 1] = place
  sources[last + 2] = spelling
  sources[last + 3] = 1
  sources[last + 4] = now
  sources[last + 5] = 0
end

local function countSpelling(state, spelling)
  local spellings = state[SPELLINGS]
  local at = indexOfSpelling(spellings, spelling)
  if not at and spelling ~= '' then
    local unknownAt = indexOfSpelling(spellings, '')
    if not hasRoom(#spellings / SPELLING_LENGTH, MAX_SPELLINGS, unknownAt) then
      spelling, at = '', unknownAt
    end
  end
  if at then
    spellings[at + 1] = spellings[at + 1] + 1
    return
  end
  local last = #spellings
  spellings[last + 1] = spelling
  spellings[last + 2] = 1
end

-- How many places the attributed failures came from.
local function placesOf(sources)
  local seen = {}
  local places = 0
  for at = 1, #sources, SOURCE_LENGTH do
    local place = sources[at]
    if sources[at + 1] ~= '' and not seen[place] then
      seen[place] = true
      places = places + 1
    end
  end
  return places
end

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
