-- When nothing of it matters any more.
local function expiresAt(state)
  local last, devicesUntil = state[LOCKED_UNTIL], state[DEVICES_UNTIL]
  if devicesUntil > last then
    last = devicesUntil
  end
  if state[FAILURES] > 0 and state[FORGET_AT] > last then
    last = state[FORGET_AT]
  end
  if state[CONSECUTIVE] > 0 and state[CONSECUTIVE_UNTIL] > last then
    last = state[CONSECUTIVE_UNTIL]
  end
  if state[REPEATS] > 0 and state[REPEATS_SINCE] + REPEATS_WINDOW_MS > last then
    last = state[REPEATS_SINCE] + REPEATS_WINDOW_MS
  end
  local takenBack = state[TAKEN_BACK]
  if #takenBack > 0 and takenBack[#takenBack] + TAKEN_BACK_WINDOW_MS > last then
    last = takenBack[#takenBack] + TAKEN_BACK_WINDOW_MS
  end
  local leases = state[LEASES]
  for at = 2, #leases, 2 do
    if leases[at] > last then
      last = leases[at]
    end
  end
  return last
end
