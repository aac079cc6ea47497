-- Heads of records: all that most steps need of a subject that is known.

-- What MessagePack writes of a list without elements, in one byte.
local EMPTY_LIST = 144

-- The head of a packed record, as of now, and what follows the leases as it is packed. Nothing if more of the record matters: there
-- is a lock to be answered, or something is due to be forgotten.
local function headOf(raw, now)
  if string.byte(raw) < NOT_ASCII then
    return nil
  end
  local offset, head = 1, nil
  if string.byte(raw) == EMPTY_LIST then
    head = { select(2, cmsgpack.unpack_limit(raw, LAST_OF_HEAD)) }
  else
    local leases
    offset, leases = cmsgpack.unpack_limit(raw, LEASES)
    head = { leases, select(2, cmsgpack.unpack_limit(raw, LAST_OF_HEAD - LEASES, offset)) }
  end
  local failures, lockedUntil = head[FAILURES], head[LOCKED_UNTIL]
  if lockedUntil > now or (head[CONSECUTIVE] > 0 and head[CONSECUTIVE_UNTIL] <= now) then
    return nil
  end
  if (failures > 0 and head[FORGET_AT] <= now) or (failures == 0 and lockedUntil > 0) then
    return nil
  end
  makeCurrent(head, now)
  return head, string.sub(raw, offset + 1)
end

local function saveHead(key, head, rest, now, keepMs)
  local record = cmsgpack.pack(head[LEASES]) .. rest
  local leases = head[LEASES]
  local keptUntil = keptUntilOf(head)
  -- Nothing else of the head has changed.
  if keptUntil > 0 and keptUntil >= (leases[#leases] or 0) then
    redis.call('SET', key, record, 'KEEPTTL')
  else
    write(key, record, expiresAt(head), now, keepMs, 0)
  end
end
