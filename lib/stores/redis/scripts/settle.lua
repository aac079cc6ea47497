-- Gives back the slots of an attempt, with a verdict on each: lib/policy/settle.ts.
--
-- KEYS: the records, the secret of the sources, the dimensions with locks, then for each record the index of locks of its
-- dimension.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, a secret if there is none yet, then for each
-- record: dimension, id and end of the lease, verdict, place, spelling ('' if the source is unknown), guess or '', '1' for a
-- repeat, rules.
-- Returns the time, then for each record its state as it was, or false, and the tags of place and spelling.
--- @include "time"
--- @include "state"
--- @include "policy"
--- @include "ladder"
--- @include "locks"
--- @include "sources"
--- @include "repeats"
--- @include "failures"
local A_DIMENSION = 0
local A_LEASE_ID = 1
local A_LEASE_UNTIL = 2
local A_VERDICT = 3
local A_PLACE = 4
local A_SPELLING = 5
local A_GUESS = 6
local A_IS_REPEAT = 7
local A_RULES = 8

local count = (#KEYS - 2) / 2
local SECRET = count + 1
local DIMENSIONS = count + 2

local now = timeOf(ARGV[1])
local keepMs = number(2)

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

-- A secret that was lost is made again: what was counted under it is then taken back by nobody.
local function secretOf(stored)
  if stored then
    return stored
  end
  redis.call('SET', KEYS[SECRET], ARGV[3])
  return ARGV[3]
end

local function forgive(state, p, place, spelling)
  if isRowOnly(p) then
    endRow(state, spelling)
    return
  end
  local what = ARGV[p + P_RESET_ON_SUCCESS]
  if what == 'all' then
    resetState(state)
    return
  end
  endRow(state, spelling)
  if what == 'true' and spelling ~= '' then
    takeBack(state, p, place, spelling, now)
  end
end

local function countVerdict(state, at, place, spelling, mayPass)
  local p = at + A_RULES
  local guess, leaseId = ARGV[at + A_GUESS], ARGV[at + A_LEASE_ID]
  if mayPass and passRepeat(state, guess, ARGV[at + A_IS_REPEAT] == '1', now) then
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
local function settle(state, at, place, spelling)
  local p = at + A_RULES
  makeCurrent(state, now)
  local wasRefused = isRefused(state, p, now)
  local isLate = number(at + A_LEASE_UNTIL) <= now
  local wasHeld = dropLease(state, ARGV[at + A_LEASE_ID])
  if not isLate and not wasHeld then
    return false
  end
  local verdict = ARGV[at + A_VERDICT]
  if verdict == 'failure' then
    countVerdict(state, at, place, spelling, not isLate and not wasRefused)
  elseif verdict == 'success' and not isLate and not wasRefused then
    forgive(state, p, place, spelling)
  end
  return true
end

local raws = redis.call('MGET', unpack(KEYS, 1, SECRET))
local secret = nil
local reply = { now }
local at = 4
for index = 1, count do
  local key, raw = KEYS[index], raws[index]
  local place, spelling = ARGV[at + A_PLACE], ARGV[at + A_SPELLING]
  if spelling ~= '' then
    secret = secret or secretOf(raws[SECRET])
    place, spelling = tagOf(secret, 'place', key, place), tagOf(secret, 'spelling', key, spelling)
  end
  local state = stateOf(raw, ARGV[at + A_DIMENSION])
  local lockedUntil = state[LOCKED_UNTIL]
  reply[#reply + 1] = raw and cmsgpack.unpack(raw)
  reply[#reply + 1] = place
  reply[#reply + 1] = spelling
  if settle(state, at, place, spelling) then
    if state[LOCKED_UNTIL] ~= lockedUntil then
      indexLock(state, key, now, KEYS[DIMENSIONS + index], KEYS[DIMENSIONS])
    end
    save(key, state, now, keepMs)
  end
  at = at + A_RULES + policyLength(at + A_RULES)
end
return reply
