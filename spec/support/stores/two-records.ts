/** The records of a name and an address, as the slots of one attempt. */
import type { Lease } from '../../../lib/policy/state.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import type { SlotRequest } from '../../../lib/stores/store.js';
import { policyWith } from '../../policy/examples.js';
import { ip, username } from '../../stores/examples.js';

export const alice = username('alice');
export const office = ip('203.0.113.9');
export const POLICY = policyWith({ tiers: [{ failures: 3, cooloffMs: 900_000 }] });
export const WIDE = policyWith({ tiers: [{ failures: 1_000, cooloffMs: 900_000 }] });

let ids = 0;

export function requests(policy = POLICY): SlotRequest[] {
  ids += 1;
  return [alice, office].map((subject) => ({ subject, policy, leaseId: `lease-${ids}` }));
}

export async function takeBoth(store: MongoStore, policy = POLICY): Promise<readonly Lease[]> {
  const replies = await store.reserveAll(requests(policy));
  return replies.map((reply) => {
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  });
}
