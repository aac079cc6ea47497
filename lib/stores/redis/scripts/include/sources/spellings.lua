-- The spellings of consecutive failures: lib/policy/sources.ts.
local MAX_SPELLINGS = 16

local function indexOfSpelling(spellings, spelling)
  for at = 1, #spellings, SPELLING_LENGTH do
    if spellings[at] == spelling then
      return at
    end
  end
  return nil
end
