-- Gives back the slots of an attempt, with a verdict on each: lib/policy/settle.ts.
--
-- KEYS: the records, the secret of the sources, the dimensions with locks, then for each record the index of locks of its
-- dimension.
-- ARGV: the clock of a test or '', milliseconds that a record outlives its end, a secret if there is none yet, then for each
-- record: dimension, id and end of the lease, verdict, place, spelling ('' if the source is unknown), guess or '', '1' for a
-- repeat or 'f' if that follows from the guesses of this step, rules.
-- Returns the time alone if every record held its lease and nothing else, and nothing is left of it; otherwise in a list with what
-- became of each: see answerOf().
--- @include "time"
--- @include "record"
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
local A_FIRST = 4

local now = timeOf(ARGV[1])
local count = (#KEYS - 2) / 2
local raws = redis.call('MGET', unpack(KEYS, 1, count + 1))

-- Whether each record is its lease and nothing else.
local alone = {}
local isSettled = true
for index = 1, count do
  local at = A_FIRST + (index - 1) * A_LENGTH
  alone[index] = raws[index] == leaseAlone(ARGV[at + A_DIMENSION], ARGV[at + A_LEASE_ID], ARGV[at + A_LEASE_UNTIL])
  isSettled = isSettled and alone[index] and ARGV[at + A_VERDICT] ~= 'failure'
end

-- Most logins end here: there is nothing to forgive, and nothing is left.
if isSettled then
  redis.call('DEL', unpack(KEYS, 1, count))
  return now
end

--- @include "state"
--- @include "head"
--- @include "policy"
--- @include "ladder"
--- @include "locks"
--- @include "sources"
--- @include "repeats"
--- @include "failures"
local DAY_MS = 86400000
local FOLLOWS = 'f'

local keepMs = tonumber(ARGV[2])
local secretKey, dimensionsKey = KEYS[count + 1], KEYS[count + 2]
local secret = raws[count + 1]

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
local function tagsOf(key, at)
  local spelling = ARGV[at + A_SPELLING]
  if spelling == '' then
    return '', ''
  end
  if not secret then
    secret = ARGV[3]
    redis.call('SET', secretKey, secret)
  end
  return tagOf(secret, 'place', key, ARGV[at + A_PLACE]), tagOf(secret, 'spelling', key, spelling)
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

-- Returns whether it was a repeat, which is not counted.
local function countVerdict(state, at, p, place, spelling, mayPass)
  local guess, leaseId = ARGV[at + A_GUESS], ARGV[at + A_LEASE_ID]
  if mayPass and passRepeat(state, guess, isRepeat(at), now) then
    if guess ~= '' then
      repeats = repeats + 1
    end
    return true
  end
  if isRowOnly(p) then
    countRowOnly(state, p, spelling, now, leaseId)
  elseif isLocked(state, now) then
    countUnderLock(state, p, place, spelling, now)
  else
    countFailure(state, p, place, spelling, guess, now, leaseId)
  end
  return false
end

-- Whether a lock began within 24 hours; a lock that a success or an operator ended is not remembered.
local function wasLockedToday(state, p)
  local cooloffMs = state[TIER] > 0 and cooloffOf(p, state[TIER]) or 0
  return state[FAILURES] > 0 and state[LOCKED_UNTIL] > 0 and state[LOCKED_UNTIL] - cooloffMs > now - DAY_MS
end

-- What the client needs to know: failures, consecutive failures, leases, the marks of SettleReply as letters, and of a lock that
-- refuses: its end, cause, tier, limit, the places of the failures, and the reason.
local function answerOf(state, p, marks)
  local answer = { state[FAILURES], state[CONSECUTIVE], #state[LEASES] / 2, marks }
  if isRefused(state, p, now) then
    answer[5] = state[LOCKED_UNTIL]
    answer[6] = state[CAUSE]
    answer[7] = state[TIER]
    answer[8] = state[LIMIT]
    answer[9] = placesOf(state[SOURCES])
    answer[10] = state[REASON]
  end
  return answer
end

-- A lease that is missing but not over was settled before, or its record was erased: nothing changes, and the answer is the same.
local function settle(index, state, p, place, spelling)
  local at, key = A_FIRST + (index - 1) * A_LENGTH, KEYS[index]
  local leaseId = ARGV[at + A_LEASE_ID]
  local wasRefused = isRefused(state, p, now)
  local isLate = tonumber(ARGV[at + A_LEASE_UNTIL]) <= now
  local wasHeld = alone[index] or dropLease(state, leaseId)
  if not isLate and not wasHeld then
    return answerOf(state, p, wasRefused and state[LOCKED_BY] == leaseId and 'lt' or '')
  end
  local lockedUntil, lockedBy = state[LOCKED_UNTIL], state[LOCKED_BY]
  local wasSprayed, isFirstToday = state[IS_SPRAYED], not wasLockedToday(state, p)
  local marks = ''
  local verdict = ARGV[at + A_VERDICT]
  if verdict == 'failure' then
    if countVerdict(state, at, p, place, spelling, not isLate and not wasRefused) then
      marks = 'r'
    end
    if state[IS_SPRAYED] ~= wasSprayed then
      marks = marks .. 's'
    end
    if lockedBy ~= leaseId and state[LOCKED_BY] == leaseId then
      marks = marks .. (isFirstToday and 'lt' or 'l')
    end
  elseif verdict == 'success' and not isLate and not wasRefused then
    forgive(state, p, place, spelling)
  end
  if state[LOCKED_UNTIL] ~= lockedUntil then
    indexLock(state, key, now, KEYS[count + 2 + index], dimensionsKey)
  end
  local answer = answerOf(state, p, marks)
  save(key, state, now, keepMs)
  return answer
end

-- Settles what is no failure, and has nothing to forgive, without looking at more than the head; otherwise returns nil. A tag is
-- recognised in what is packed: if something else looks like it, the record is only unpacked for nothing.
local function settleByHead(index, p)
  local at, raw, key = A_FIRST + (index - 1) * A_LENGTH, raws[index], KEYS[index]
  local verdict = ARGV[at + A_VERDICT]
  if not raw or alone[index] or verdict == 'failure' then
    return nil
  end
  local head, rest = headOf(raw, now)
  if not head or (verdict == 'success' and p[P_RESET_ON_SUCCESS] == ALL) then
    return nil
  end
  if verdict == 'success' and rest ~= '' then
    local _, spelling = tagsOf(key, at)
    if spelling ~= '' and string.find(rest, spelling, 1, true) then
      return nil
    end
  end
  makeCurrent(head, now)
  if dropLease(head, ARGV[at + A_LEASE_ID]) then
    save(key, head, now, keepMs, rest)
  end
  return answerOf(head, p, '')
end

local function settleRecord(index)
  local at, key = A_FIRST + (index - 1) * A_LENGTH, KEYS[index]
  local p = cjson.decode(ARGV[at + A_RULES])
  local answer = settleByHead(index, p)
  if answer then
    return answer
  end
  local dimension = ARGV[at + A_DIMENSION]
  local state = alone[index] and unknownState(dimension) or stateOf(raws[index], dimension)
  makeCurrent(state, now)
  local place, spelling = '', ''
  if ARGV[at + A_VERDICT] == 'failure' or #state[SOURCES] > 0 or #state[SPELLINGS] > 0 then
    place, spelling = tagsOf(key, at)
  end
  return settle(index, state, p, place, spelling)
end

local reply = { now }
-- Those that follow guesses come after them.
local following = {}
for index = 1, count do
  local at = A_FIRST + (index - 1) * A_LENGTH
  if ARGV[at + A_GUESS] ~= '' then
    guesses = guesses + 1
  end
  if ARGV[at + A_IS_REPEAT] == FOLLOWS then
    following[#following + 1] = index
  else
    reply[index + 1] = settleRecord(index)
  end
end
for _, index in ipairs(following) do
  reply[index + 1] = settleRecord(index)
end
return reply
