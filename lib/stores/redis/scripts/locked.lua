-- Some of the locks of one dimension, by their end and then by key.
--
-- KEYS: the index of locks, what the keys of all records begin with.
-- ARGV: the clock of a test or '', how many to look at, the end and the key after which to continue or '', 'ends' to return them or
-- '', then 'all' or 'any' and the parts of which a key must have all or one.
-- Returns how many it looked at, the end and the key of the last, and as JSON the keys of subjects that have these parts, or keys and
-- ends in turn: a client reads one long string much faster than thousands of short ones.
--- @include "time"
--- @include "made-of"
local A_PARTS = 7

local locks, records = KEYS[1], KEYS[2]
local now, limit, lastUntil, lastKey = timeOf(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
if lastKey ~= '' then
  lastKey = records .. lastKey
end

-- By bytes, as a sorted set orders them; Lua's own comparison goes by the locale of the server.
local function isAfter(key, other)
  for at = 1, math.min(#key, #other) do
    local byte, otherByte = string.byte(key, at), string.byte(other, at)
    if byte ~= otherByte then
      return byte > otherByte
    end
  end
  return #key > #other
end

-- The rank of the first lock after the last page, whether or not the last one of that page is still locked. Many may end at the
-- same time: those until reset.
local function rankAfter()
  local low = redis.call('ZCOUNT', locks, '-inf', '(' .. lastUntil)
  local high = redis.call('ZCOUNT', locks, '-inf', lastUntil)
  while low < high do
    local middle = math.floor((low + high) / 2)
    if isAfter(redis.call('ZRANGE', locks, middle, middle)[1], lastKey) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- Those that have ended are not pruned yet.
local first = redis.call('ZCOUNT', locks, '-inf', now)
if lastKey ~= '' then
  first = math.max(first, rankAfter())
end
local hasEnds = ARGV[5] == 'ends'
local start = #records + 1
local page, looked, last
local found = {}
if hasEnds and #ARGV < A_PARTS then
  page = redis.call('ZRANGE', locks, first, first + limit - 1, 'WITHSCORES')
  looked, last = #page / 2, page[#page - 1]
  for at = 1, #page, 2 do
    found[at], found[at + 1] = string.sub(page[at], start), page[at + 1]
  end
else
  page = redis.call('ZRANGE', locks, first, first + limit - 1)
  looked, last = #page, page[#page]
  for _, record in ipairs(page) do
    if isMadeOf(record, start, ARGV[6], A_PARTS) then
      found[#found + 1] = string.sub(record, start)
      if hasEnds then
        found[#found + 1] = redis.call('ZSCORE', locks, record)
      end
    end
  end
end
if looked == 0 then
  return { 0, '', '', '[]' }
end
-- An empty list would be an object.
local json = #found == 0 and '[]' or cjson.encode(found)
return { looked, redis.call('ZSCORE', locks, last), string.sub(last, start), json }
