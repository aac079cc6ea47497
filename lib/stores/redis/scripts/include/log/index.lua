-- The index of the attempt log: for each entry a row in the chunk of its time, in four columns that are strings of their own. A
-- search reads a column at once, which is thousands of rows, and then only the entries that may be meant.
--
-- A chunk has all entries from its first one to the first one of the next chunk. Chunks are numbered; the hash says which is the
-- first and which the last, and of each what `chunkOf` returns. If anything of a chunk is missing, the stream is walked there.
local WIDTHS = { username = 4, ip = 4, outcome = 1, id = 8 }
local COLUMNS = { 'username', 'ip', 'outcome', 'id' }
-- How many rows a chunk has at most: with them, columns fit into 4, 16 and 32 KiB together with what the server adds.
local ROWS = 4080

local function columnOf(index, number, name)
  return index .. ':' .. string.format('%.0f', number) .. ':' .. name
end

-- The id of its first entry in two parts, how late its entries were written at most, how many rows it has, until when its columns
-- live, and when the first of its entries expires.
local function chunkOf(index, number)
  local raw = redis.call('HGET', index, string.format('%.0f', number))
  if not raw then
    return nil
  end
  return cmsgpack.unpack(raw)
end

-- The numbers of the first and the last chunk; nothing without an index.
local function chunksOf(index)
  local ends = redis.call('HMGET', index, 'first', 'last')
  return tonumber(ends[1]), tonumber(ends[2])
end

-- Four bytes that stand for a username or an address: as good as unique in a log, and not the name. Zeros for none.
local function hashOf(json)
  if json == 'null' then
    return '\0\0\0\0'
  end
  return struct.pack('>I4', math.max(1, tonumber(string.sub(redis.sha1hex(json), 1, 8), 16)))
end

local function rowIdOf(firstMs, ms, seq)
  return struct.pack('>I4I4', ms - firstMs, seq)
end

-- The id of a row, of the column of ids or a part of it.
local function idOf(firstMs, ids, row)
  local after, seq = struct.unpack('>I4I4', ids, row * 8 + 1)
  return firstMs + after, seq
end
