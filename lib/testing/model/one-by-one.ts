/** Slots of several subjects, as the engine takes them and gives them back on a store that has nothing for several. */
import type { ReserveReply, SettleReply } from '../../policy/replies.js';
import { marksAfter, settlingOrder } from '../../policy/several.js';
import type { LockoutStore, SlotRequest, SlotVerdict } from '../../stores/store.js';

export function reserveOneByOne(
  store: LockoutStore,
  requests: readonly SlotRequest[],
): Promise<readonly ReserveReply[]> {
  return Promise.all(requests.map(({ subject, policy, leaseId }) => store.reserve(subject, policy, leaseId)));
}

export async function settleOneByOne(
  store: LockoutStore,
  verdicts: readonly SlotVerdict[],
): Promise<readonly SettleReply[]> {
  const replies: SettleReply[] = [];
  for (const indexes of settlingOrder(verdicts)) {
    const marksOf = marksAfter(verdicts, replies);
    for (const index of indexes) {
      const one = verdicts[index] as SlotVerdict;
      replies[index] = await store.settle(one.subject, one.policy, one.lease, one.verdict, marksOf(one));
    }
  }
  return replies;
}
