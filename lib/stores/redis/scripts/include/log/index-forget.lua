-- The row of an entry, from 0; nil if it has none.
local function rowOf(firstMs, ids, ms, seq)
  local low, high = 0, #ids / WIDTHS.id
  while low < high do
    local middle = math.floor((low + high) / 2)
    local rowMs, rowSeq = idOf(firstMs, ids, middle)
    if rowMs == ms and rowSeq == seq then
      return middle
    elseif rowMs < ms or (rowMs == ms and rowSeq < seq) then
      low = middle + 1
    else
      high = middle
    end
  end
  return nil
end

-- The column of ids; nil unless it is whole. Then nothing says which row is whose, so the chunk has no columns any more.
local function idsOf(index, number)
  local _, _, _, count = chunkOf(index, number)
  local ids = redis.call('GET', columnOf(index, number, 'id'))
  if ids and #ids == count * WIDTHS.id then
    return ids
  end
  removeColumns(index, number)
  return nil
end

-- Overwrites what stands for names and addresses. The rows ascend.
local function blank(index, number, rows)
  for _, name in ipairs({ 'username', 'ip' }) do
    local key, width = columnOf(index, number, name), WIDTHS[name]
    local column = redis.call('GET', key)
    if column then
      local parts = {}
      local from = 1
      for _, row in ipairs(rows) do
        parts[#parts + 1] = string.sub(column, from, row * width)
        parts[#parts + 1] = string.rep('\0', width)
        from = (row + 1) * width + 1
      end
      parts[#parts + 1] = string.sub(column, from)
      redis.call('SET', key, table.concat(parts), 'KEEPTTL')
    end
  end
end

-- Forgets entries whose ids ascend.
local function forgetRows(index, entryIds)
  local number, lastChunk = chunksOf(index)
  local at = 1
  while number and number <= lastChunk and at <= #entryIds do
    local firstMs, firstSeq = chunkOf(index, number)
    local nextMs, nextSeq = FOREVER, 0
    if number < lastChunk then
      nextMs, nextSeq = chunkOf(index, number + 1)
    end
    local ids
    local isLost = false
    local rows = {}
    while at <= #entryIds do
      local ms, seq = placeOf(entryIds[at])
      if ms > nextMs or (ms == nextMs and seq >= nextSeq) then
        break
      end
      -- Entries from before the index have no chunk.
      if not isLost and (ms > firstMs or (ms == firstMs and seq >= firstSeq)) then
        ids = ids or idsOf(index, number)
        isLost = not ids
        rows[#rows + 1] = ids and rowOf(firstMs, ids, ms, seq)
      end
      at = at + 1
    end
    if #rows > 0 then
      blank(index, number, rows)
    end
    number = number + 1
  end
end

-- Forgets a name also where its entries have left the stream.
local function forgetGone(stream, index, username)
  removeChunks(stream, index, FOREVER)
  local number = chunksOf(index)
  if not number then
    return
  end
  local ids = idsOf(index, number)
  local column = ids and redis.call('GET', columnOf(index, number, 'username'))
  if not column then
    return
  end
  local oldestMs, oldestSeq = oldestIn(stream)
  local rows = {}
  local hash = hashOf(username)
  local firstMs = chunkOf(index, number)
  for row = 0, #ids / WIDTHS.id - 1 do
    local ms, seq = idOf(firstMs, ids, row)
    if ms > oldestMs or (ms == oldestMs and seq >= oldestSeq) then
      break
    end
    if string.sub(column, row * WIDTHS.username + 1, (row + 1) * WIDTHS.username) == hash then
      rows[#rows + 1] = row
    end
  end
  if #rows > 0 then
    blank(index, number, rows)
  end
end
