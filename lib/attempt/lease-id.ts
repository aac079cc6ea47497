/** Names for leases, unique over all processes, lockouts and copies of this module that share a store. */
import { randomUUID } from 'node:crypto';

const PREFIX = randomUUID();
let count = 0;

export function nextLeaseId(): string {
  count += 1;
  return `${PREFIX}:${count.toString(36)}`;
}
