-- Appends a batch to the attempt log and its index, counts it by minute and outcome, and removes what is too old or too much.
--
-- KEYS: the stream, its index, what the keys of counts begin with: which hours they are of, only the server's clock can tell. The
-- hash tag keeps them, and the columns of the index, on this node.
-- ARGV: the clock of a test or '', how long an entry is kept, how many there are at most, how long counts are kept, then for each entry:
-- its age, outcome, username, address, the rest, how many attempts it stands for, and 'l' if it is of a failure that set a lock.
--- @include "time"
--- @include "log/entries"
--- @include "log/index"
--- @include "log/index-gone"
--- @include "log/index-sweep"
local A_FIRST = 5
local A_LENGTH = 7
-- An expired batch is removed with each batch that is written, and a little more, so that none piles up.
local EXPIRED_MORE = 100
-- A chunk that begins now has entries of so large a part of their retention, and of a day at most: so long its rows outlive them.
local PART_OF_RETENTION = 32
local MOST_OF_CHUNK_MS = 86400000
-- How many chunks are removed at once: more than a batch can fill.
local CHUNKS_AT_ONCE = 10

local now, keepMs = timeOf(ARGV[1])
local retentionMs, most = tonumber(ARGV[2]), ARGV[3]
-- A time to live is a whole number.
local partMs = math.floor(retentionMs / PART_OF_RETENTION)
local stream, index = KEYS[1], KEYS[2]
local hasStream = redis.call('EXISTS', stream) == 1

-- Ids ascend, even if the clock does not: after a failover it may be behind.
local function lastId()
  if not hasStream then
    return now, -1
  end
  local info = redis.call('XINFO', 'STREAM', stream)
  for at = 1, #info, 2 do
    if info[at] == 'last-generated-id' then
      local ms, seq = placeOf(info[at + 1])
      if ms >= now then
        return ms, seq
      end
    end
  end
  return now, -1
end

-- The oldest first, up to the first that is kept: each by its own retention, which may have changed since.
local function removeExpired(count)
  local ids = {}
  for _, entry in ipairs(redis.call('XRANGE', stream, '-', '+', 'COUNT', count)) do
    if fieldsOf(entry)[F_EXPIRES] > now then
      break
    end
    ids[#ids + 1] = entry[1]
  end
  if #ids > 0 then
    redis.call('XDEL', stream, unpack(ids))
  end
  return #ids
end

local function outlive(key)
  if redis.call('PTTL', key) < retentionMs + keepMs then
    redis.call('PEXPIRE', key, retentionMs + keepMs)
  end
end

-- By key and field: a batch is mostly of one minute.
local counts = {}

local function add(key, field, count)
  local fields = counts[key] or {}
  counts[key] = fields
  fields[field] = (fields[field] or 0) + count
end

local function addCount(at, outcome, number, isLock)
  if outcome == 'logout' then
    return
  end
  local minute = math.floor(at / 60000)
  local key = KEYS[3] .. string.format('%.0f', math.floor(minute / 60))
  local ofMinute = string.format('%.0f', minute % 60)
  add(key, string.sub(outcome, 1, 1) .. ofMinute, number)
  if isLock then
    add(key, 'l' .. ofMinute, 1)
  end
end

local function writeCounts()
  for key, fields in pairs(counts) do
    for field, number in pairs(fields) do
      redis.call('HINCRBY', key, field, number)
    end
    if redis.call('PTTL', key) < 0 then
      redis.call('PEXPIRE', key, tonumber(ARGV[4]) + keepMs)
    end
  end
end

local ms, seq = lastId()
local firstChunk, lastChunk = chunksOf(index)
local firstMs, firstSeq, lag, count, untilMs, expiresAt
-- Without a stream nothing keeps ids ascending, which the rows of a chunk must be.
if lastChunk and hasStream then
  firstMs, firstSeq, lag, count, untilMs, expiresAt = chunkOf(index, lastChunk)
end
-- Of the rows that are not written yet: by column.
local rows = { username = {}, ip = {}, outcome = {}, id = {} }

local function writeRows()
  local number = #rows.id
  if number == 0 then
    return
  end
  for _, name in ipairs(COLUMNS) do
    local key = columnOf(index, lastChunk, name)
    if count == number then
      -- Of an index that was lost.
      redis.call('DEL', key)
    end
    local length = redis.call('APPEND', key, table.concat(rows[name]))
    if length ~= count * WIDTHS[name] then
      -- What an evicting server has dropped is not begun anew: nobody could use it, and it would have no end.
      redis.call('DEL', key)
    elseif count == number then
      redis.call('PEXPIRE', key, untilMs - now + keepMs)
    elseif count == ROWS then
      -- What grows has room for more; what is written at once has not.
      redis.call('SET', key, redis.call('GET', key), 'KEEPTTL')
    end
    rows[name] = {}
  end
  local chunk = cmsgpack.pack(firstMs, firstSeq, lag, count, untilMs, expiresAt)
  redis.call('HSET', index, string.format('%.0f', lastChunk), chunk)
end

local function openChunk()
  writeRows()
  lastChunk = (lastChunk or 0) + 1
  firstChunk = firstChunk or lastChunk
  firstMs, firstSeq, lag, count, expiresAt = ms, seq, 0, 0, FOREVER
  untilMs = later(now, retentionMs + math.min(partMs, MOST_OF_CHUNK_MS))
  redis.call('HSET', index, 'first', firstChunk, 'last', lastChunk)
end

local function addRow(at, outcome, username, ip)
  if not count or count >= ROWS or ms - firstMs > MOST_OF_CHUNK_MS or later(now, retentionMs) > untilMs then
    openChunk()
  end
  count = count + 1
  lag = math.max(lag, ms - at)
  expiresAt = math.min(expiresAt, later(at, retentionMs))
  local row = #rows.id + 1
  rows.username[row], rows.ip[row] = hashOf(username), hashOf(ip)
  rows.outcome[row], rows.id[row] = string.sub(outcome, 1, 1), rowIdOf(firstMs, ms, seq)
end

for first = A_FIRST, #ARGV, A_LENGTH do
  local at = now - tonumber(ARGV[first])
  local outcome, username, ip = ARGV[first + 1], ARGV[first + 2], ARGV[first + 3]
  seq = seq + 1
  local fields = { at, later(at, retentionMs), outcome, username, ip, ARGV[first + 4] }
  local id = string.format('%.0f-%.0f', ms, seq)
  redis.call('XADD', stream, 'MAXLEN', '~', most, id, 'entry', cmsgpack.pack(fields))
  addRow(at, outcome, username, ip)
  addCount(at, outcome, tonumber(ARGV[first + 5]), ARGV[first + 6] == 'l')
end
writeRows()
writeCounts()
local expiredAtOnce = (#ARGV - A_FIRST + 1) / A_LENGTH + EXPIRED_MORE
if removeExpired(1) > 0 then
  removeExpired(expiredAtOnce)
end
sweep(stream, index, now, math.min(partMs, SWEEP_EVERY_MS), expiredAtOnce)
removeChunks(stream, index, CHUNKS_AT_ONCE)
outlive(stream)
outlive(index)
