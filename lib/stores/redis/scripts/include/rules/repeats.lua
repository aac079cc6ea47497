-- The rules of lib/policy/repeats.ts: repeats of the same wrong guess are not counted, a few times a minute.
local MAX_GUESSES = 3
local MAX_REPEATS = 10
local MAX_REPEATS_ELSEWHERE = 30

local function isRemembered(state, guess)
  for _, known in ipairs(state[GUESSES]) do
    if known == guess then
      return true
    end
  end
  return false
end

-- Whether a failure is a repeat that need not be counted, which this notes.
local function passRepeat(state, guess, isRepeat, now)
  local isKnown = guess ~= '' and isRemembered(state, guess)
  if not isKnown and not isRepeat then
    return false
  end
  local isRunning = state[REPEATS] > 0 and state[REPEATS_SINCE] + REPEATS_WINDOW_MS > now
  local count = (isRunning and state[REPEATS] or 0) + 1
  if count > (isKnown and MAX_REPEATS or MAX_REPEATS_ELSEWHERE) then
    return false
  end
  state[REPEATS] = count
  if not isRunning then
    state[REPEATS_SINCE] = now
  end
  return true
end

local function rememberGuess(state, guess)
  local guesses = state[GUESSES]
  if isRemembered(state, guess) then
    return
  end
  guesses[#guesses + 1] = guess
  if #guesses > MAX_GUESSES then
    table.remove(guesses, 1)
  end
end
