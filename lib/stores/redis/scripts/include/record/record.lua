-- A record: values one after the other, packed, whose fields are those of `SubjectState` in lib/policy/state.ts. No field is ever
-- nil: 0 stands for "never", and '' for "nobody".
--
-- First comes what decides whether an attempt gets a slot, and when the record ends: the head. It is read, changed and written
-- without unpacking the rest, which grows with the number of places that failures came from.
-- Lists, each flat: id and end of a lease; place, spelling, failures, last failure and the time since the first of a source;
-- spelling and failures.
local LEASES = 1
local DIMENSION = 2
local FAILURES = 3
local LOCKED_UNTIL = 4
local FORGET_AT = 5
local CONSECUTIVE = 6
local CONSECUTIVE_UNTIL = 7
-- One more than the index of the tier.
local TIER = 8
local DEVICES_SINCE = 9
local DEVICES_UNTIL = 10
local REPEATS = 11
local REPEATS_SINCE = 12
local TAKEN_BACK = 13
-- Those at the end that say nothing are not stored.
local FIRST_AT = 14
local LAST_AT = 15
local SOURCES = 16
local SPELLINGS = 17
local GUESSES = 18
local IS_SPRAYED = 19
local CAUSE = 20
local LIMIT = 21
local REASON = 22
local BY = 23
local LOCKED_BY = 24

local LAST_OF_HEAD = 13
-- Numbers that one source, and one spelling, take in their lists.
local SOURCE_LENGTH = 5
local SPELLING_LENGTH = 2

-- No packed record begins with a byte below this.
local NOT_ASCII = 128

-- The record of an attempt on a subject about which nothing else is known is text: the end of the lease, the dimension and the id,
-- with blanks between them. Nearly all records are written once and removed by the verdict, which only compares them.
local function leaseOf(alone)
  local untilMs, dimension, id = string.match(alone, '^(%d+) (%S+) (.*)$')
  return tonumber(untilMs), dimension, id
end

-- The fields that are stored of a record, with those of the head at least.
local function fieldsOf(raw)
  if string.byte(raw) >= NOT_ASCII then
    return { cmsgpack.unpack(raw) }
  end
  local untilMs, dimension, id = leaseOf(raw)
  return { { id, untilMs }, dimension, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {} }
end
