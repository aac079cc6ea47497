/**
 * A process of its own: so many random names on a memory store as `NAMES` says, as `KIND` says them, then what is left of it as
 * JSON.
 */
import { getHeapStatistics } from 'node:v8';
import { Lockout, MemoryStore } from '../../../lib/index.js';

const store = new MemoryStore();
const lockout = new Lockout({ store, attemptLog: 'off' });
const names = Number(process.env['NAMES']);
for (let name = 0; name < names; name += 1) {
  // Each a failure of its own address, so that two subjects are kept for each.
  const random = (name * 2_654_435_761) % 4_294_967_296;
  // Two bytes for each character, and three characters for each of the others in a key.
  const username =
    process.env['KIND'] === 'worst' ? `一${'%'.repeat(240)}${random}` : `${random} of some company with a long name`;
  await lockout.protect({ username, ip: `10.${name >> 16}.${(name >> 8) & 255}.${name & 255}` }, () => false);
}
console.log(JSON.stringify({ size: store.size, heapLimit: getHeapStatistics().heap_size_limit }));
