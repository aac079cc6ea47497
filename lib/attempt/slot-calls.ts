/** Store calls for all subjects of an attempt: in one step if the store supports it, else one by one. */
import { randomBytes } from 'node:crypto';
import type { LockoutStoreError } from '../errors.js';
import type { ReserveReply, SettleReply } from '../policy/replies.js';
import type { SlotRequest, SlotVerdict } from '../stores/store.js';
import { type Awaitable, all } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';

/** One reply or error per subject; a single error if the call for all of them failed. */
export type Answers<Reply> = readonly (Reply | LockoutStoreError)[] | LockoutStoreError;

/** Follows the verdicts passed to a store, each identified by its index. */
export interface VerdictListener {
  /** @param answer - settles when the store answers, in time or not */
  onAsked(index: number, answer: PromiseLike<unknown>): void;
  /** Called when the answer arrived after the timeout. */
  onLate(index: number, reply: SettleReply): void;
}

/** Leases are unique across all processes, lockouts and copies of this module that share a store. Short: records keep them. */
const LEASE_PREFIX = randomBytes(16).toString('base64url');
let leases = 0;

/** @param onLate - receives replies that arrived after the timeout, with their candidates, to release the slots they took */
export function askForSlots<T extends Pick<SlotRequest, 'subject' | 'policy'> & { readonly looksOnly?: boolean }>(
  guarded: GuardedStore,
  candidates: readonly T[],
  onLate: (late: readonly (readonly [candidate: T, reply: ReserveReply])[]) => void,
): Awaitable<Answers<ReserveReply>> {
  const { store } = guarded;
  const requests: SlotRequest[] = [];
  for (const { subject, policy, looksOnly } of candidates) {
    leases += 1;
    requests.push({ subject, policy, leaseId: looksOnly ? null : `${LEASE_PREFIX}:${leases.toString(36)}` });
  }
  if (store.reserveAll) {
    return guarded.call('reserve', () => store.reserveAll?.(requests) ?? [], {
      replies: requests.length,
      onLate: (replies) => onLate(replies.map((reply, index) => [candidates[index] as T, reply])),
    });
  }
  const asked = requests.map(({ subject, policy, leaseId }, index) =>
    guarded.call('reserve', () => store.reserve(subject, policy, leaseId), {
      replies: 'one',
      onLate: (reply) => onLate([[candidates[index] as T, reply]]),
    }),
  );
  return all(asked);
}

export function giveSlotsBack(
  guarded: GuardedStore,
  verdicts: readonly SlotVerdict[],
  listener: VerdictListener | undefined,
): Awaitable<Answers<SettleReply>> {
  const { store } = guarded;
  if (store.settleAll) {
    return guarded.call('settle', () => store.settleAll?.(verdicts) ?? [], {
      replies: verdicts.length,
      onAsked: (answer) => {
        for (const index of verdicts.keys()) listener?.onAsked(index, answer);
      },
      onLate: (replies) => {
        for (const [index, reply] of replies.entries()) listener?.onLate(index, reply);
      },
    });
  }
  const asked = verdicts.map(({ subject, policy, lease, verdict, marks }, index) =>
    guarded.call('settle', () => store.settle(subject, policy, lease, verdict, marks), {
      replies: 'one',
      onAsked: (answer) => listener?.onAsked(index, answer),
      onLate: (reply) => listener?.onLate(index, reply),
    }),
  );
  return all(asked);
}
