-- Notes when a failure was counted and where it came from: lib/policy/sources.ts. A list that is full has no room for one more known
-- entry; the unknown one is not counted.
local function dateFailure(state, place, spelling, now)
  if state[FAILURES] == 0 or state[FIRST_AT] == 0 then
    state[FIRST_AT] = now
  end
  state[LAST_AT] = now
  local sources = state[SOURCES]
  local at = indexOfSource(sources, place, spelling)
  if not at and spelling ~= '' and #sources >= MAX_SOURCES * SOURCE_LENGTH then
    local unknownAt = indexOfSource(sources, '', '')
    if not unknownAt or #sources > MAX_SOURCES * SOURCE_LENGTH then
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
