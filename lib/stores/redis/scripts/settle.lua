-- Gives back the slots of an attempt, with a verdict on each: lib/policy/settle.ts.
--
-- KEYS: the records, the secret of the sources, the dimensions with locks, then for each record the index of locks of its
-- dimension.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, a secret if there is none yet, then for each
-- record: dimension, id and end of the lease, verdict, place, spelling ('' if the source is unknown), guess or '', '1' for a
-- repeat or 'f' if that follows from the guesses of this step, rules.
-- Returns the time, then for each record its state as it was (1 if it held this lease and nothing else, false if there was none),
-- and the tags of place and spelling, if they mattered, as one string.
--- @include "time"
--- @include "state"
local A_DIMENSION = 0
local A_LEASE_ID = 1
local A_LEASE_UNTIL = 2
local A_VERDICT = 3
local A_PLACE = 4
local A_SPELLING = 5
local A_GUESS = 6
local A_IS_REPEAT = 7
local A_RULES = 8
local A_LENGTH = 9
local FOLLOWS = 'f'

local now = timeOf(ARGV[1])
local keepMs = tonumber(ARGV[2])
local count = (#KEYS - 2) / 2
local secretKey, dimensionsKey = KEYS[count + 1], KEYS[count + 2]
local raws = redis.call('MGET', unpack(KEYS, 1, count + 1))
local secret = raws[count + 1]

local function startOf(index)
  return 4 + (index - 1) * A_LENGTH
end

-- What is stored of each, false where there is nothing, and 1 where it is this lease and nothing else.
local stored = {}
local isSettled = true
for index = 1, count do
  local at, raw = startOf(index), raws[index]
  local state = raw and cmsgpack.unpack(raw)
  if state and isLeasedOnly(state, ARGV[at + A_LEASE_ID], tonumber(ARGV[at + A_LEASE_UNTIL])) then
    state = 1
  end
  isSettled = isSettled and state == 1 and ARGV[at + A_VERDICT] ~= 'failure'
  stored[index] = state
end

-- Most logins end here: there is nothing to forgive, and nothing is left. All that follows would not be used.
if isSettled then
  redis.call('DEL', unpack(KEYS, 1, count))
  local reply = { now }
  for index = 1, count do
    reply[2 * index] = 1
    reply[2 * index + 1] = ''
  end
  return reply
end

--- @include "policy"
--- @include "ladder"
--- @include "locks"
--- @include "sources"
--- @include "repeats"
--- @include "failures"
-- Returns whether there was such a lease.
local function dropLease(state, id)
  local leases = state[LEASES]
  for at = 1, #leases, 2 do
    if leases[at] == id then
      table.remove(leases, at)
      table.remove(leases, at)
      return true
    end
  end
  return false
end

-- The tags of place and spelling. A secret that was lost is made again: what was counted under it is then taken back by nobody.
local function tagsOf(key, place, spelling)
  if spelling == '' then
    return '', ''
  end
  if not secret then
    secret = ARGV[3]
    redis.call('SET', secretKey, secret)
  end
  return tagOf(secret, 'place', key, place), tagOf(secret, 'spelling', key, spelling)
end

local function forgive(state, p, place, spelling)
  if isRowOnly(p) then
    endRow(state, spelling)
    return
  end
  if p[P_RESET_ON_SUCCESS] == ALL then
    resetState(state)
    return
  end
  endRow(state, spelling)
  if p[P_RESET_ON_SUCCESS] == SAME_PLACE and spelling ~= '' then
    takeBack(state, p, place, spelling, now)
  end
end

-- The guesses of this step, and how many of them are repeats.
local guesses, repeats = 0, 0

local function isRepeat(at)
  local mark = ARGV[at + A_IS_REPEAT]
  return mark == '1' or (mark == FOLLOWS and guesses > 0 and repeats == guesses)
end

local function countVerdict(state, at, p, place, spelling, mayPass)
  local guess, leaseId = ARGV[at + A_GUESS], ARGV[at + A_LEASE_ID]
  if mayPass and passRepeat(state, guess, isRepeat(at), now) then
    if guess ~= '' then
      repeats = repeats + 1
    end
    return
  end
  if isRowOnly(p) then
    countRowOnly(state, p, spelling, now, leaseId)
  elseif isLocked(state, now) then
    countUnderLock(state, p, place, spelling, now)
  else
    countFailure(state, p, place, spelling, guess, now, leaseId)
  end
end

-- Returns whether the state changed. A lease that is missing but not over was settled before, or its record was erased.
local function settle(state, at, place, spelling, wasAlone)
  local p = cjson.decode(ARGV[at + A_RULES])
  makeCurrent(state, now)
  local wasRefused = isRefused(state, p, now)
  local isLate = tonumber(ARGV[at + A_LEASE_UNTIL]) <= now
  local wasHeld = wasAlone or dropLease(state, ARGV[at + A_LEASE_ID])
  if not isLate and not wasHeld then
    return false
  end
  local verdict = ARGV[at + A_VERDICT]
  if verdict == 'failure' then
    countVerdict(state, at, p, place, spelling, not isLate and not wasRefused)
  elseif verdict == 'success' and not isLate and not wasRefused then
    forgive(state, p, place, spelling)
  end
  return true
end

local reply = { now }
local function settleRecord(index)
  local at, key, before = startOf(index), KEYS[index], stored[index]
  local dimension, isAlone = ARGV[at + A_DIMENSION], before == 1
  local place, spelling = '', ''
  local hasSources = before and not isAlone and #before > LEASES
  if hasSources or ARGV[at + A_VERDICT] == 'failure' then
    place, spelling = tagsOf(key, ARGV[at + A_PLACE], ARGV[at + A_SPELLING])
  end
  local state = isAlone and unknownState(dimension) or stateOf(raws[index], dimension)
  local lockedUntil = state[LOCKED_UNTIL]
  if settle(state, at, place, spelling, isAlone) then
    if state[LOCKED_UNTIL] ~= lockedUntil then
      indexLock(state, key, now, KEYS[count + 2 + index], dimensionsKey)
    end
    save(key, state, now, keepMs)
  end
  reply[2 * index] = before
  reply[2 * index + 1] = place .. spelling
end

-- Those that follow guesses come after them.
local following = {}
for index = 1, count do
  local at = startOf(index)
  if ARGV[at + A_GUESS] ~= '' then
    guesses = guesses + 1
  end
  if ARGV[at + A_IS_REPEAT] == FOLLOWS then
    following[#following + 1] = index
  else
    settleRecord(index)
  end
end
for _, index in ipairs(following) do
  settleRecord(index)
end
return reply
