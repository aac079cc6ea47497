-- The rules of lib/policy/ladder.ts.

-- The tier that exactly this number of failures reaches, from 1, or 0; past the last tier, the last one.
local function tierReachedAt(p, failures)
  for at = P_FIRST_TIER, #p, 2 do
    if p[at] >= failures then
      return p[at] == failures and (at - P_FIRST_TIER) / 2 + 1 or 0
    end
  end
  return (#p - P_FIRST_TIER + 1) / 2
end
