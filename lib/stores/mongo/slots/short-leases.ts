import type { Policy } from '../../../policy/state.js';

/** Ten times the tolerance of the server's clock. */
const SHORT_LEASE_MS = 10_000;

/** Whether leases are too short for an estimate of their end: then each record is asked exactly. */
export function isShort({ leaseTimeoutMs }: Pick<Policy, 'leaseTimeoutMs'>): boolean {
  return leaseTimeoutMs < SHORT_LEASE_MS;
}
