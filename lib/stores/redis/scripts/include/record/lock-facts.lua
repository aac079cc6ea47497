--- @include "sources/places"

-- What the client needs to know of a lock that refuses: its end, cause, tier, limit, the places of the failures, and the reason,
-- after the failures and the consecutive ones.
local function addLock(answer, state)
  local last = #answer
  answer[last + 1] = state[LOCKED_UNTIL]
  answer[last + 2] = state[CAUSE]
  answer[last + 3] = state[TIER]
  answer[last + 4] = state[LIMIT]
  answer[last + 5] = placesOf(state[SOURCES])
  answer[last + 6] = state[REASON]
end
