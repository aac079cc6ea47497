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
