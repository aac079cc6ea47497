-- Heads of records: all that most steps need of a subject that is known.

-- What MessagePack writes of a list without elements, in one byte.
local EMPTY_LIST = 144

-- The head of a packed record, as of now, and what follows the leases as it is packed. Nothing if more of the record matters: there
-- is a lock to be answered, or something is due to be forgotten.
local function headOf(raw, now)
  if string.byte(raw) < NOT_ASCII then
    return nil
  end
  local offset, state = 1, nil
  if string.byte(raw) == EMPTY_LIST then
    state = { select(2, cmsgpack.unpack_limit(raw, LAST_OF_HEAD)) }
  else
    local leases
    offset, leases = cmsgpack.unpack_limit(raw, LEASES)
    state = { leases, select(2, cmsgpack.unpack_limit(raw, LAST_OF_HEAD - LEASES, offset)) }
  end
  local failures, lockedUntil = state[FAILURES], state[LOCKED_UNTIL]
  if lockedUntil > now or (state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] <= now) then
    return nil
  end
  if (failures > 0 and state[FORGET_AT] <= now) or (failures == 0 and lockedUntil > 0) then
    return nil
  end
  --- @include "rules/lapsed"
  return state, string.sub(raw, offset + 1)
end

local function saveHead(key, head, rest, now, keepMs)
  local leases = head[LEASES]
  local record = cmsgpack.pack(leases) .. rest
  -- Nothing else of the head has changed, and the key is kept for as long as its failures.
  local keptUntil = head[FAILURES] > 0 and head[FORGET_AT] or 0
  if keptUntil > 0 and keptUntil >= (leases[#leases] or 0) then
    redis.call('SET', key, record, 'KEEPTTL')
  else
    --- @include "record/expires-at"
    --- @include "record/save"
    save(key, head, now, keepMs, 0, record)
  end
end
