-- Walks a bounded part of the attempt log from its oldest entry on, and removes those meant, and from the index what stands for their
-- names and addresses.
--
-- KEYS: the stream, its index; the hash tag keeps the columns of the index on this node.
-- ARGV: the clock of a test or '', the entry at which the last call ended or '', how many to remove and to walk at most, 'expired'
-- or 'all', then each or '': username, address, outcomes with spaces around each, how old at least, and the time and id of the
-- oldest that is kept.
-- Returns how many were removed, and the entry at which this call ended, or '' at the end.
--- @include "time"
--- @include "log/entries"
--- @include "log/index"
local now = timeOf(ARGV[1])
local limit, left, which, username, ip, outcomes = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local newest = now - (tonumber(ARGV[9]) or -FOREVER)
local keptAt, keptId = tonumber(ARGV[10]), ARGV[11]

local function isMeant(id, fields)
  local at = fields[F_AT]
  return isLike(fields, now, which, username, ip)
    and (outcomes == '' or string.find(outcomes, ' ' .. fields[F_OUTCOME] .. ' ', 1, true))
    and at <= newest
    and (not keptAt or isOlder(at, id, keptAt, keptId))
end

local last = ARGV[2]
local ids = {}
local isEnd = false
repeat
  local count = math.min(STEP, left)
  local entries = redis.call('XRANGE', KEYS[1], last == '' and '-' or '(' .. last, '+', 'COUNT', count)
  for _, entry in ipairs(entries) do
    last = entry[1]
    if isMeant(last, fieldsOf(entry)) then
      ids[#ids + 1] = last
      if #ids == limit then
        break
      end
    end
  end
  isEnd = #ids < limit and #entries < count
  left = left - count
until isEnd or left <= 0 or #ids == limit
if #ids > 0 or isEnd and username ~= '' then
  --- @include "log/index-gone"
  --- @include "log/index-forget"
  if #ids > 0 then
    redis.call('XDEL', KEYS[1], unpack(ids))
    forgetRows(KEYS[2], ids)
  end
  if isEnd and username ~= '' then
    forgetGone(KEYS[1], KEYS[2], username)
  end
end
return { #ids, isEnd and '' or last }
