-- Entries of the attempt log: a stream in the order of writing. An entry is written after its attempt, never before, so the time
-- in its id is at or after the time of the attempt.

-- The fields of an entry, packed into one value: to make many strings of each takes most of the time of a walk. Username and
-- address are JSON: a missing one is no name.
local F_AT = 1
local F_EXPIRES = 2
local F_OUTCOME = 3
local F_USERNAME = 4
local F_IP = 5
local F_REST = 6
-- How many entries are read at a time.
local STEP = 200

local function fieldsOf(entry)
  return cmsgpack.unpack(entry[2][2])
end

local function placeOf(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

-- Whether an entry comes after a position in the order of newest first; without an id, the position is before all of its time.
local function isOlder(at, id, thanAt, thanId)
  if at ~= thanAt then
    return at < thanAt
  end
  if thanId == '' then
    return false
  end
  local ms, seq = placeOf(id)
  local thanMs, thanSeq = placeOf(thanId)
  return ms < thanMs or (ms == thanMs and seq < thanSeq)
end

-- Whether an entry is 'current', 'expired', or any for 'all', and has this username and address, if they are given.
local function isLike(fields, now, which, username, ip)
  return (which == 'all' or (fields[F_EXPIRES] <= now) == (which == 'expired'))
    and (username == '' or fields[F_USERNAME] == username)
    and (ip == '' or fields[F_IP] == ip)
end
