-- Gives back the slots of an attempt, with a verdict on each: lib/policy/settle.ts.
--
-- KEYS: the records, the secret of the sources, the dimensions with locks, then for each record the index of locks of its
-- dimension.
-- ARGV: the clock of a test or '', a secret if there is none yet, the rules of each record, then for each: the record that is this
-- lease alone, verdict, place, spelling ('' if the source is unknown). A verdict: 'f' for a failure, 's' for a success, or 'n' for
-- neither; then '-', 'r' for a repeat or 'f' if that follows from the guesses of this step; then the guess or nothing. Each
-- argument costs as much as a step of the script. At last, if a failure is certain not to have been settled before, a digit for each: 1
-- for those.
-- Returns the time alone if every record held its lease and nothing else, and nothing is left of it; otherwise in a list with what
-- became of each: see answerOf().
--- @include "time"
local A_ALONE = 0
local A_VERDICT = 1
local A_PLACE = 2
local A_SPELLING = 3
local A_LENGTH = 4
local A_FIRST = 4
-- Letters of a verdict.
local IS_FAILURE = 102
local IS_SUCCESS = 115
local IS_REPEAT = 114
local FOLLOWS = 102
local MARK_AT = 2
local GUESS_AT = 3
local IS_FIRST = 49

local now, keepMs = timeOf(ARGV[1])
local count = (#KEYS - 2) / 2
local raws = redis.call('MGET', unpack(KEYS, 1, count + 1))

-- Whether each record is its lease and nothing else.
local alone = {}
local isSettled = true
local hasFailure, hasSuccess = false, false
for index = 1, count do
  local at = A_FIRST + (index - 1) * A_LENGTH
  local raw = raws[index]
  local verdict = string.byte(ARGV[at + A_VERDICT])
  alone[index] = raw == ARGV[at + A_ALONE]
  isSettled = isSettled and alone[index]
  hasFailure = hasFailure or verdict == IS_FAILURE
  hasSuccess = hasSuccess or verdict == IS_SUCCESS
end

-- Most logins end here: there is nothing to forgive, and nothing is left.
if isSettled and not hasFailure then
  redis.call('DEL', unpack(KEYS, 1, count))
  return now
end

--- @include "record/record"
--- @include "record/state"
--- @include "record/expires-at"
--- @include "record/save"
--- @include "rules/policy"
--- @include "sources/sources"
local secret = raws[count + 1]

-- Hexadecimal digits: 36 bits.
local TAG_CHARS = 9

-- The tags of place and spelling: short, and made with a secret that never leaves the server. They are bound to the record, so that
-- two records do not reveal that the same person failed at both. No tag is empty: that is the unknown source. A secret that was
-- lost is made again: what was counted under it is then taken back by nobody.
local function tagsOf(key, at)
  local place, spelling = ARGV[at + A_PLACE], ARGV[at + A_SPELLING]
  if spelling == '' then
    return '', ''
  end
  if not secret then
    secret = ARGV[2]
    redis.call('SET', KEYS[count + 1], secret)
  end
  local tag = string.sub(redis.sha1hex(secret .. key .. '\n' .. spelling), 1, TAG_CHARS)
  -- Of an address, the place is a name too, and nearly everyone writes their name as it is.
  if place == spelling then
    return tag, tag
  end
  return string.sub(redis.sha1hex(secret .. key .. '\n' .. place), 1, TAG_CHARS), tag
end

-- Returns whether there was such a lease.
local function dropLease(leases, id)
  for at = 1, #leases, 2 do
    if leases[at] == id then
      -- The next one takes its place.
      local last = #leases
      for from = at + 2, last do
        leases[from - 2] = leases[from]
      end
      leases[last], leases[last - 1] = nil, nil
      return true
    end
  end
  return false
end

-- What the client needs to know: the failures alone; or in a list, if it is not all 0 and empty, with consecutive failures, leases, the
-- marks of SettleReply as letters, and the lock if there is one that refuses.
local function answerOf(state, p, marks)
  local isLocked = isRefused(state, p, now)
  if marks == '' and not isLocked and state[CONSECUTIVE] == 0 and #state[LEASES] == 0 then
    return state[FAILURES]
  end
  local answer = { state[FAILURES], state[CONSECUTIVE], #state[LEASES] / 2, marks }
  if isLocked then
    --- @include "record/lock-facts"
    addLock(answer, state)
  end
  return answer
end

-- The guesses of this step, and how many of them are repeats.
local guesses, repeats = 0, 0
local fail, forgive, settleByHead

if hasFailure then
  --- @include "rules/ladder"
  --- @include "sources/date-failure"
  --- @include "rules/failures"
  local DAY_MS = 86400000

  -- Counts a failure, and returns the marks of what came of it.
  fail = function(state, at, leaseId, p, place, spelling, mayPass)
    local told = ARGV[at + A_VERDICT]
    local guess, mark = string.sub(told, GUESS_AT), string.byte(told, MARK_AT)
    local isRepeat = mark == IS_REPEAT or (mark == FOLLOWS and guesses > 0 and repeats == guesses)
    if mayPass and (guess ~= '' or isRepeat) then
      --- @include "rules/repeats"
      if passRepeat(state, guess, isRepeat, now) then
        if guess ~= '' then
          repeats = repeats + 1
        end
        return 'r'
      end
    end
    local failures, lockedUntil, tier = state[FAILURES], state[LOCKED_UNTIL], state[TIER]
    local lockedBy, wasSprayed = state[LOCKED_BY], state[IS_SPRAYED]
    if p[P_ROW_ONLY] == 1 or state[LOCKED_UNTIL] > now then
      --- @include "rules/failures-apart"
      if p[P_ROW_ONLY] == 1 then
        countRowOnly(state, p, spelling, now, leaseId)
      else
        countUnderLock(state, p, place, spelling, now)
      end
    else
      countFailure(state, p, place, spelling, guess, now, leaseId)
    end
    local marks = state[IS_SPRAYED] ~= wasSprayed and 's' or ''
    if lockedBy == leaseId or state[LOCKED_BY] ~= leaseId then
      return marks
    end
    --- @include "rules/tiers"
    -- A lock that a success or an operator ended is not remembered.
    local cooloffMs = tier > 0 and cooloffOf(p, tier) or 0
    local wasLockedToday = failures > 0 and lockedUntil > 0 and lockedUntil - cooloffMs > now - DAY_MS
    return marks .. (wasLockedToday and 'l' or 'lt')
  end
end

if hasSuccess then
  --- @include "rules/forget"
  --- @include "sources/take-back"
  forgive = function(state, p, place, spelling)
    if p[P_ROW_ONLY] == 1 then
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
end

if not hasFailure then
  --- @include "record/head"
  -- Whether a success may have anything to forgive. A tag is recognised in what is packed: where something else looks like it, the
  -- record is only unpacked for nothing.
  local function mayForgive(key, at, p, rest)
    if p[P_RESET_ON_SUCCESS] == ALL then
      return true
    end
    -- What has no tags yet needs no secret.
    if not secret then
      return false
    end
    local _, spelling = tagsOf(key, at)
    return spelling ~= '' and string.find(rest, spelling, 1, true) ~= nil
  end

  -- Settles what has nothing to forgive without looking at more than the head; otherwise returns nil.
  settleByHead = function(index, at, p)
    local key = KEYS[index]
    local head, rest = headOf(raws[index], now)
    if not head or (string.byte(ARGV[at + A_VERDICT]) == IS_SUCCESS and mayForgive(key, at, p, rest)) then
      return nil
    end
    local _, _, leaseId = leaseOf(ARGV[at + A_ALONE])
    if dropLease(head[LEASES], leaseId) then
      saveHead(key, head, rest, now, keepMs)
    end
    return answerOf(head, p, '')
  end
end

local rules = cjson.decode(ARGV[3])
local first = ARGV[A_FIRST + count * A_LENGTH]

-- A lease that is missing was settled before, or its record was erased: nothing changes, and the answer is the same. Only what is
-- certain not to have been settled counts after its lease, which others may have dropped.
local function settle(index, at)
  local key, raw, verdict = KEYS[index], raws[index], string.byte(ARGV[at + A_VERDICT])
  local p = rules[index]
  local isUnknown = alone[index] or not raw
  local answer = not isUnknown and settleByHead and settleByHead(index, at, p)
  if answer then
    return answer
  end
  local untilMs, dimension, leaseId = leaseOf(ARGV[at + A_ALONE])
  local state = stateOf(not isUnknown and raw, dimension)
  local isLate = untilMs <= now
  local wasHeld = alone[index] or dropLease(state[LEASES], leaseId)
  makeCurrent(state, now)
  local wasRefused = isRefused(state, p, now)
  if not wasHeld and not (isLate and first and string.byte(first, index) == IS_FIRST) then
    local isAsBefore = not isLate or verdict == IS_FAILURE
    return answerOf(state, p, isAsBefore and wasRefused and state[LOCKED_BY] == leaseId and 'lt' or '')
  end
  local isInTime = not isLate and not wasRefused
  local lockedUntil, keptUntil = state[LOCKED_UNTIL], 0
  local marks = ''
  if verdict == IS_FAILURE then
    -- The key is kept at least as long as its failures.
    keptUntil = state[FAILURES] > 0 and state[FORGET_AT] or 0
    local place, spelling = tagsOf(key, at)
    marks = fail(state, at, leaseId, p, place, spelling, isInTime)
  elseif verdict == IS_SUCCESS and isInTime then
    local place, spelling = '', ''
    if #state[SOURCES] > 0 or #state[SPELLINGS] > 0 then
      place, spelling = tagsOf(key, at)
    end
    forgive(state, p, place, spelling)
  end
  if state[LOCKED_UNTIL] ~= lockedUntil then
    --- @include "record/locks"
    indexLock(state, key, now, KEYS[count + 2 + index], KEYS[count + 2])
  end
  save(key, state, now, keepMs, keptUntil)
  return answerOf(state, p, marks)
end

local reply = { now }
local hasFollowing = false
for index = 1, count do
  local at = A_FIRST + (index - 1) * A_LENGTH
  local verdict = ARGV[at + A_VERDICT]
  if #verdict >= GUESS_AT then
    guesses = guesses + 1
  end
  if string.byte(verdict, MARK_AT) == FOLLOWS then
    hasFollowing = true
  else
    reply[index + 1] = settle(index, at)
  end
end
-- Those that follow guesses come after them.
for index = 1, hasFollowing and count or 0 do
  local at = A_FIRST + (index - 1) * A_LENGTH
  if string.byte(ARGV[at + A_VERDICT], MARK_AT) == FOLLOWS then
    reply[index + 1] = settle(index, at)
  end
end
return reply
