-- Looks through a bounded part of the attempt log from its newest entry on, and returns those wanted. For a username, an address, an
-- outcome or expired entries, it goes by the index.
--
-- KEYS: the stream, its index; the hash tag keeps the columns of the index on this node.
-- ARGV: the clock of a test or '', the entry at which the last call ended or '', how many are wanted, how many to look at, 'current',
-- 'expired' or 'all', then each or '': username, address, outcome, from which time, before which time, and the time and id of the
-- entry after which to continue, newest first.
-- Returns the entry at which this call ended, or '' if no further one can be among those wanted, and those found as JSON: each a list
-- of id, time, outcome, username, address and the rest. A client reads one long string much faster than thousands of short ones.
--- @include "time"
--- @include "log/entries"
--- @include "log/index"
-- What it takes to read one entry by its id, and a column of a chunk: as much as so many entries that follow each other.
local COST_OF_READ_ROW = 2
local COST_OF_COLUMN = 5
-- As many rows that have what the first column must have take as long as one.
local ROWS_AT_COST_1 = 8

local stream, index = KEYS[1], KEYS[2]
local now = timeOf(ARGV[1])
local limit, left, which, username, ip, outcome = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local since, before = tonumber(ARGV[9]) or 0, tonumber(ARGV[10])
local afterAt, afterId = tonumber(ARGV[11]), ARGV[12]
local firstChunk, lastChunk = chunksOf(index)

-- All that is left to look at was written before this id.
local toMs, toSeq

local function isBefore(ms, seq)
  return ms < toMs or (ms == toMs and seq < toSeq)
end

-- Before which id an entry of this time was written: each chunk knows how late its own were, and of what has none nobody does.
local function start()
  if ARGV[2] ~= '' then
    return placeOf(ARGV[2])
  end
  local newest = math.min(before or FOREVER, afterAt or FOREVER)
  local ms, seq, lag = FOREVER, 0, 0
  for number = newest < FOREVER and lastChunk or 0, firstChunk or 1, -1 do
    ms, seq, lag = chunkOf(index, number)
    if ms <= newest + lag then
      return newest + lag + 1, 0
    end
  end
  return ms, seq
end

local function isWanted(id, fields)
  local at = fields[F_AT]
  return isLike(fields, now, which, username, ip)
    and (outcome == '' or fields[F_OUTCOME] == outcome)
    and at >= since
    and (not before or at < before)
    and (not afterAt or isOlder(at, id, afterAt, afterId))
end

local entriesFound = {}
local found, oldest = 0, FOREVER

-- Whether entries written at this time, or before, happened too long ago.
local function isOver(ms)
  return ms < since or (found >= limit and ms <= oldest)
end

-- Returns whether no further entry can be among those wanted.
local function look(entry)
  local id = entry[1]
  if since > 0 or found >= limit then
    if isOver((placeOf(id))) then
      return true
    end
  end
  local fields = fieldsOf(entry)
  -- Of those that happened before as many as are wanted, none can be among them.
  if (found < limit or fields[F_AT] >= oldest) and isWanted(id, fields) then
    found = found + 1
    oldest = math.min(oldest, fields[F_AT])
    entriesFound[found] = string.format('["%s",%.0f,"%s",', id, fields[F_AT], fields[F_OUTCOME])
      .. fields[F_USERNAME]
      .. ','
      .. fields[F_IP]
      .. ','
      .. fields[F_REST]
      .. ']'
  end
  return false
end

local function replyWith(last)
  return { last, '[' .. table.concat(entriesFound, ',') .. ']' }
end

local function idBefore()
  return string.format('(%.0f-%.0f', toMs, toSeq)
end

-- Of the first entry. Before it, XREVRANGE would go through the whole stream.
local bottomMs, bottomSeq = FOREVER, 0
local bottom = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
if bottom then
  bottomMs, bottomSeq = placeOf(bottom[1])
end

-- Goes through all entries down to one, as far as `left` allows. Returns whether it is over, and whether none of them is left.
local function walk(lowest)
  local isDone
  repeat
    if not isBefore(bottomMs, bottomSeq) then
      return false, true
    end
    local count = math.max(1, math.ceil(math.min(STEP, left)))
    local entries = redis.call('XREVRANGE', stream, idBefore(), lowest, 'COUNT', count)
    for _, entry in ipairs(entries) do
      if look(entry) then
        return true, false
      end
    end
    left = left - #entries
    if #entries > 0 then
      toMs, toSeq = placeOf(entries[#entries][1])
    end
    isDone = #entries < count
  until isDone or left <= 0
  return false, isDone
end

-- What the columns must have, the most selective first.
local wanted = {}
for _, name in ipairs(COLUMNS) do
  if name == 'username' and username ~= '' then
    wanted[#wanted + 1] = { name = name, value = hashOf(username) }
  elseif name == 'ip' and ip ~= '' then
    wanted[#wanted + 1] = { name = name, value = hashOf(ip) }
  elseif name == 'outcome' and outcome ~= '' then
    wanted[#wanted + 1] = { name = name, value = string.sub(outcome, 1, 1) }
  end
end

-- The rows that may be of entries wanted, ascending from 0; nil if the chunk is not whole.
local function rowsOf(number, count)
  local columns = {}
  for at, one in ipairs(wanted) do
    local column = redis.call('GET', columnOf(index, number, one.name))
    if not column or #column ~= count * WIDTHS[one.name] then
      return nil
    end
    columns[at] = column
    left = left - COST_OF_COLUMN
  end
  if redis.call('STRLEN', columnOf(index, number, 'id')) ~= count * WIDTHS.id then
    return nil
  end
  local rows = {}
  local candidates = 0
  local first = wanted[1]
  local width = WIDTHS[first.name]
  local at = string.find(columns[1], first.value, 1, true)
  while at do
    local row = (at - 1) / width
    local isRow = row == math.floor(row)
    for other = 2, #wanted do
      local w = WIDTHS[wanted[other].name]
      isRow = isRow and string.sub(columns[other], row * w + 1, (row + 1) * w) == wanted[other].value
    end
    if isRow then
      rows[#rows + 1] = row
    end
    candidates = candidates + 1
    -- Of four equal bytes, a run would otherwise be found at each of its bytes.
    at = string.find(columns[1], first.value, at + (row == math.floor(row) and width or 1), true)
  end
  left = left - candidates / ROWS_AT_COST_1
  return rows
end

-- Looks at the entries of some rows of a chunk, the last first. Returns whether it is over, and whether none of them is left.
local function lookAt(rows, number, firstMs)
  local ids = #rows > 0 and redis.call('GET', columnOf(index, number, 'id'))
  for at = #rows, 1, -1 do
    local ms, seq = idOf(firstMs, ids, rows[at])
    if isBefore(ms, seq) then
      local id = string.format('%.0f-%.0f', ms, seq)
      local entry = redis.call('XRANGE', stream, id, id)[1]
      if entry and look(entry) then
        return true, false
      end
      toMs, toSeq = ms, seq
      left = left - COST_OF_READ_ROW
      if left <= 0 then
        return false, at == 1
      end
    end
  end
  return false, true
end

-- Looks for entries in a chunk, as far as `left` allows. Returns whether it is over.
local function lookInto(number)
  local ms, seq, _, count, _, expiresAt = chunkOf(index, number)
  if not isBefore(ms, seq) then
    return false
  end
  local rows
  if which == 'expired' and expiresAt > now then
    rows = {}
  elseif #wanted > 0 then
    rows = rowsOf(number, count)
  end
  local isEnd, isDone
  if rows then
    isEnd, isDone = lookAt(rows, number, ms)
  else
    isEnd, isDone = walk(string.format('%.0f-%.0f', ms, seq))
  end
  if isEnd or not isDone then
    return isEnd
  end
  -- However little was left: the next call must not look at the same rows again, and so for ever.
  toMs, toSeq = ms, seq
  return isOver(ms)
end

toMs, toSeq = start()
if #wanted > 0 or which == 'expired' then
  for number = lastChunk or 0, firstChunk or 1, -1 do
    if lookInto(number) then
      return replyWith('')
    end
    if left <= 0 then
      break
    end
  end
end
if left > 0 then
  local isEnd, isDone = walk('-')
  if isEnd or isDone then
    return replyWith('')
  end
end
return replyWith(string.sub(idBefore(), 2))
