-- Where failures came from: lib/policy/sources.ts.
local MAX_SOURCES = 64

local function indexOfSource(sources, place, spelling)
  for at = 1, #sources, SOURCE_LENGTH do
    if sources[at] == place and sources[at + 1] == spelling then
      return at
    end
  end
  return nil
end
