-- What the server says of itself and of what is stored. Inside a script, so that on a cluster it runs where the records are.
--
-- KEYS: the stream of the attempt log, a key that never exists.
-- ARGV: the clock of a test or '', what the keys of all records begin with.
-- Returns the time, the answer to INFO (empty if refused), the number of entries (-1 if refused), those of all keys (-1 if refused),
-- of keys looked at and of records among them, and why nothing can be written (empty if it can).
--- @include "time"
local SAMPLE = 1000

local function errorOf(answer)
  return type(answer) == 'table' and answer.err
end

local function textOf(answer)
  return errorOf(answer) and '' or answer
end

local function sizesOf()
  local all = redis.pcall('DBSIZE')
  local looked = redis.pcall('SCAN', '0', 'COUNT', SAMPLE)
  if errorOf(all) or errorOf(looked) then
    return -1, 0, 0
  end
  local ours = 0
  for _, key in ipairs(looked[2]) do
    if string.sub(key, 1, #ARGV[2]) == ARGV[2] then
      ours = ours + 1
    end
  end
  return all, #looked[2], ours
end

local now = timeOf(ARGV[1])
local info = redis.pcall('INFO')
local entries = redis.pcall('XLEN', KEYS[1])
local all, looked, ours = sizesOf()
-- Writes nothing, since there is no such key, but is refused wherever a write is.
local refused = errorOf(redis.pcall('SET', KEYS[2], '', 'XX'))
return { now, textOf(info), errorOf(entries) and -1 or entries, all, looked, ours, refused or '' }
