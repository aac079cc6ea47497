-- Heads of records: all that most steps need of a subject that is known.

local function withOffset(offset, ...)
  return { ... }, offset
end

-- The head of a packed record, and the rest as it is packed. Nothing if more of the record matters: there is a lock to be answered,
-- or something is due to be forgotten.
local function headOf(raw, now)
  if string.byte(raw) < NOT_ASCII then
    return nil
  end
  local head, offset = withOffset(cmsgpack.unpack_limit(raw, LAST_OF_HEAD))
  local isCounted = head[FAILURES] > 0 and head[FORGET_AT] > now
  local isUnlocked = head[LOCKED_UNTIL] == 0 or (isCounted and head[LOCKED_UNTIL] <= now)
  if not isUnlocked or (head[FAILURES] > 0 and not isCounted) then
    return nil
  end
  if head[CONSECUTIVE] > 0 and head[CONSECUTIVE_UNTIL] <= now then
    return nil
  end
  return head, offset < 0 and '' or string.sub(raw, offset + 1)
end
