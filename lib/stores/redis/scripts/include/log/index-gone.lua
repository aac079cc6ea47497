-- Chunks of entries that have left the stream, which they do from the oldest on.

local function removeColumns(index, number)
  for _, name in ipairs(COLUMNS) do
    redis.call('DEL', columnOf(index, number, name))
  end
end

-- The id of the oldest entry that is in the stream, in two parts.
local function oldestIn(stream)
  local oldest = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if oldest then
    return placeOf(oldest[1])
  end
  return FOREVER, 0
end

-- Removes chunks all of whose entries are gone, but for the last one, which is still written.
local function removeChunks(stream, index, most)
  local first, last = chunksOf(index)
  if not first or first >= last then
    return
  end
  local oldestMs, oldestSeq = oldestIn(stream)
  for number = first, math.min(last, first + most) - 1 do
    local nextMs, nextSeq = chunkOf(index, number + 1)
    if nextMs > oldestMs or (nextMs == oldestMs and nextSeq > oldestSeq) then
      return
    end
    removeColumns(index, number)
    redis.call('HDEL', index, string.format('%.0f', number))
    redis.call('HSET', index, 'first', number + 1)
  end
end
