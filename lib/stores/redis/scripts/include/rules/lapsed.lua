-- A block that ends what has lapsed of `state` at `now`, besides its counts: leases, and the revocation of devices.
local leases = state[LEASES]
for at = #leases, 2, -2 do
  if leases[at] <= now then
    table.remove(leases, at)
    table.remove(leases, at - 1)
  end
end
if state[DEVICES_UNTIL] <= now then
  state[DEVICES_SINCE] = 0
  state[DEVICES_UNTIL] = 0
end
