-- Consecutive failures, each under its spelling.
--- @include "sources/spellings"

local function countSpelling(state, spelling)
  local spellings = state[SPELLINGS]
  local at = indexOfSpelling(spellings, spelling)
  if not at and spelling ~= '' and #spellings >= MAX_SPELLINGS * SPELLING_LENGTH then
    local unknownAt = indexOfSpelling(spellings, '')
    if not unknownAt or #spellings > MAX_SPELLINGS * SPELLING_LENGTH then
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

local function countConsecutive(state, p, spelling, now)
  state[CONSECUTIVE] = state[CONSECUTIVE] + 1
  state[CONSECUTIVE_UNTIL] = later(now, p[P_HARD_STOP_FORGET_MS])
  countSpelling(state, spelling)
end
