-- Writes a record, packed already or not, or removes it when nothing of it matters. Fields at the end that say nothing are left
-- out. The time to live is relative, so that a test's clock may show any time, and a little longer than the record: what counts is
-- what the record says. It stays as it is if the key is kept for long enough already, until `keptUntil`, which takes less than half
-- the time.
local function save(key, state, now, keepMs, keptUntil, packed)
  local untilMs = expiresAt(state)
  if untilMs <= now then
    redis.call('DEL', key)
    return
  end
  if not packed then
    local last = LAST_OF_HEAD
    if state[LOCKED_BY] ~= '' then
      last = LOCKED_BY
    elseif state[BY] ~= '' then
      last = BY
    elseif state[REASON] ~= '' then
      last = REASON
    elseif state[LIMIT] ~= 0 then
      last = LIMIT
    elseif state[CAUSE] ~= 0 then
      last = CAUSE
    elseif state[IS_SPRAYED] ~= 0 then
      last = IS_SPRAYED
    elseif #state[GUESSES] > 0 then
      last = GUESSES
    elseif #state[SPELLINGS] > 0 then
      last = SPELLINGS
    elseif #state[SOURCES] > 0 then
      last = SOURCES
    elseif state[LAST_AT] ~= 0 then
      last = LAST_AT
    elseif state[FIRST_AT] ~= 0 then
      last = FIRST_AT
    end
    packed = cmsgpack.pack(unpack(state, 1, last))
  end
  if untilMs <= keptUntil then
    redis.call('SET', key, packed, 'KEEPTTL')
  elseif untilMs >= FOREVER then
    redis.call('SET', key, packed)
  else
    redis.call('SET', key, packed, 'PX', untilMs - now + keepMs)
  end
end
