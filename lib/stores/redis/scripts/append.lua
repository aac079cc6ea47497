-- Appends a batch to the attempt log, counts it by minute and outcome, and removes what is too old or too much.
--
-- KEYS: the stream, the longest time between an attempt and the writing of its entry, what the keys of counts begin with: which
-- hours they are of, only the server's clock can tell. The hash tag keeps them on this node.
-- ARGV: the clock of a test or '', milliseconds that the stream outlives its entries, how long an entry is kept, how many there are
-- at most, how long counts are kept, then for each entry: its age, outcome, username, address, the rest, how many attempts it stands
-- for, and 'l' if it is of a failure that set a lock.
--- @include "time"
--- @include "attempts"
local A_FIRST = 6
local A_LENGTH = 7
-- An expired batch is removed with each batch that is written, and a little more, so that none piles up.
local EXPIRED_MORE = 100

local now = timeOf(ARGV[1])
local keepMs, retentionMs, most = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local stream, lagKey = KEYS[1], KEYS[2]

-- Ids ascend, even if the clock does not: after a failover it may be behind.
local function lastId()
  if redis.call('EXISTS', stream) == 0 then
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

local function count(at, outcome, number, isLock)
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
      redis.call('PEXPIRE', key, tonumber(ARGV[5]) + keepMs)
    end
  end
end

local ms, seq = lastId()
local knownLag = tonumber(redis.call('GET', lagKey)) or 0
local lag = knownLag
for first = A_FIRST, #ARGV, A_LENGTH do
  local at = now - tonumber(ARGV[first])
  lag = math.max(lag, ms - at)
  seq = seq + 1
  local fields = { at, later(at, retentionMs), ARGV[first + 1], ARGV[first + 2], ARGV[first + 3], ARGV[first + 4] }
  local id = string.format('%.0f-%.0f', ms, seq)
  redis.call('XADD', stream, 'MAXLEN', '~', most, id, 'entry', cmsgpack.pack(fields))
  count(at, ARGV[first + 1], tonumber(ARGV[first + 5]), ARGV[first + 6] == 'l')
end
writeCounts()
if lag > knownLag then
  redis.call('SET', lagKey, lag, 'KEEPTTL')
end
if removeExpired(1) > 0 then
  removeExpired((#ARGV - A_FIRST + 1) / A_LENGTH + EXPIRED_MORE)
end
outlive(stream)
outlive(lagKey)
