-- A failure counted under its source: lib/policy/sources.ts.

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
