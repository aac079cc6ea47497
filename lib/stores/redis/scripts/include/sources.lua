-- The rules of lib/policy/sources.ts: where failures came from, and which of them a success takes back.
local MAX_SOURCES = 64
local MAX_SPELLINGS = 16
-- Numbers that one source, and one spelling, take in their lists.
local SOURCE_LENGTH = 5
local SPELLING_LENGTH = 2

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
