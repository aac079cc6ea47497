-- Walks a bounded part of the attempt log from its newest entry on, and returns those wanted.
--
-- KEYS: the stream, the longest time between an attempt and the writing of its entry.
-- ARGV: the clock of a test or '', the entry at which the last call ended or '', how many are wanted, how many to walk, 'current',
-- 'expired' or 'all', then each or '': username, address, outcome, from which time, before which time, and the time and id of the
-- entry after which to continue, newest first.
-- Returns the entry at which this call ended, or '' if no further one can be among those wanted, then of each that was found: id,
-- time, outcome, username, address, the rest.
--- @include "time"
--- @include "attempts"
local now = timeOf(ARGV[1])
local limit, left, which, username, ip, outcome = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local since, before = tonumber(ARGV[9]) or 0, tonumber(ARGV[10])
local afterAt, afterId = tonumber(ARGV[11]), ARGV[12]

-- Where an entry of this time may be written at the latest.
local function start()
  if ARGV[2] ~= '' then
    return '(' .. ARGV[2]
  end
  local newest = math.min(before or FOREVER, afterAt or FOREVER)
  if newest >= FOREVER then
    return '+'
  end
  return string.format('%.0f', math.max(0, newest + (tonumber(redis.call('GET', KEYS[2])) or 0)))
end

local function isWanted(id, fields)
  local at = fields[F_AT]
  return isLike(fields, now, which, username, ip)
    and (outcome == '' or fields[F_OUTCOME] == outcome)
    and at >= since
    and (not before or at < before)
    and (not afterAt or isOlder(at, id, afterAt, afterId))
end

local reply = { '' }
local from = start()
local found, oldest = 0, FOREVER
repeat
  local count = math.min(STEP, left)
  local entries = redis.call('XREVRANGE', KEYS[1], from, '-', 'COUNT', count)
  for _, entry in ipairs(entries) do
    local id, fields = entry[1], fieldsOf(entry)
    -- All that follow happened when this one was written, or before.
    if since > 0 or found >= limit then
      local ms = placeOf(id)
      if ms < since or (found >= limit and ms <= oldest) then
        return reply
      end
    end
    if isWanted(id, fields) then
      found = found + 1
      oldest = math.min(oldest, fields[F_AT])
      reply[#reply + 1] = id
      for field = F_AT, F_REST do
        if field ~= F_EXPIRES then
          reply[#reply + 1] = fields[field]
        end
      end
    end
  end
  if #entries < count then
    return reply
  end
  from = '(' .. entries[count][1]
  left = left - count
until left <= 0
reply[1] = string.sub(from, 2)
return reply
