-- Removes expired entries that stand behind one that is kept longer: after the retention was shortened, or after the clock was ahead.
-- Each batch goes a little further, from chunk to chunk, and only into those in which something has expired.
--
-- How far it has come is kept beside the chunks: the number of the chunk, the id before which it is done, the least end of entries
-- that stay there, and when to begin anew.
local SWEEP_EVERY_MS = 3600000

local function sweep(stream, index, now, everyMs, most)
  local number, doneMs, doneSeq, least, notBefore = 0, 0, 0, FOREVER, 0
  local raw = redis.call('HGET', index, 'sweep')
  if raw then
    number, doneMs, doneSeq, least, notBefore = cmsgpack.unpack(raw)
  end
  local first, last = chunksOf(index)
  if notBefore > now or not first then
    return
  end
  if number < first then
    number, doneMs, doneSeq, least = first, 0, 0, FOREVER
  end
  local firstMs, firstSeq, lag, count, untilMs, expiresAt = chunkOf(index, number)
  local isDone = true
  if expiresAt <= now then
    local nextMs, nextSeq = FOREVER, 0
    if number < last then
      nextMs, nextSeq = chunkOf(index, number + 1)
    end
    if doneMs < firstMs or (doneMs == firstMs and doneSeq < firstSeq) then
      doneMs, doneSeq = firstMs, firstSeq
    end
    local from, to = string.format('%.0f-%.0f', doneMs, doneSeq), string.format('(%.0f-%.0f', nextMs, nextSeq)
    local entries = redis.call('XRANGE', stream, from, to, 'COUNT', most)
    local ids = {}
    for _, entry in ipairs(entries) do
      local ends = fieldsOf(entry)[F_EXPIRES]
      if ends <= now then
        ids[#ids + 1] = entry[1]
      else
        least = math.min(least, ends)
      end
      doneMs, doneSeq = placeOf(entry[1])
      doneSeq = doneSeq + 1
    end
    if #ids > 0 then
      --- @include "log/index-forget"
      redis.call('XDEL', stream, unpack(ids))
      forgetRows(index, ids)
    end
    isDone = #entries < most
    if isDone then
      local chunk = cmsgpack.pack(firstMs, firstSeq, lag, count, untilMs, least)
      redis.call('HSET', index, string.format('%.0f', number), chunk)
    end
  end
  if isDone then
    number, doneMs, doneSeq, least = number + 1, 0, 0, FOREVER
    if number > last then
      number, notBefore = 0, now + everyMs
    end
  end
  redis.call('HSET', index, 'sweep', cmsgpack.pack(number, doneMs, doneSeq, least, notBefore))
end
