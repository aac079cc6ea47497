/** Store calls for all subjects of an attempt: in one step if the store supports it, else one by one. */
import { randomBytes } from 'node:crypto';
import { LockoutStoreError } from '../errors.js';
import type { ReserveReply, SettleReply } from '../policy/replies.js';
import { marksAfter, settlingOrder } from '../policy/several.js';
import type { Marks, Verdict } from '../policy/state.js';
import type { SlotRequest, SlotVerdict } from '../stores/store.js';
import { type Awaitable, all, chain } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';

/** One reply or error per subject; a single error if the call for all of them failed. */
export type Answers<Reply> = readonly (Reply | LockoutStoreError)[] | LockoutStoreError;

/** What a slot is given back with. */
export interface GivenBack {
  readonly hold: Pick<SlotVerdict, 'subject' | 'policy' | 'lease'>;
  readonly verdict: Verdict;
  readonly marks: Marks | undefined;
}

/** Follows the verdicts passed to a store. */
export interface VerdictListener<T> {
  /** @param answer - settles when the store answers, in time or not */
  onAsked(told: T, answer: PromiseLike<unknown>): void;
  /** Called when the answer arrived after the timeout. */
  onLate(told: T, reply: SettleReply): void;
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
    requests.push({ subject, policy, leaseId: looksOnly ? null : `${LEASE_PREFIX}:${leases}` });
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

export function giveSlotsBack<T extends GivenBack>(
  guarded: GuardedStore,
  told: readonly T[],
  listener: VerdictListener<T> | undefined,
): Awaitable<Answers<SettleReply>> {
  const { store } = guarded;
  const verdicts: SlotVerdict[] = [];
  for (const { hold, verdict, marks } of told) {
    verdicts.push({ subject: hold.subject, policy: hold.policy, lease: hold.lease, verdict, marks });
  }
  if (store.settleAll) {
    return guarded.call('settle', () => store.settleAll?.(verdicts) ?? [], {
      replies: verdicts.length,
      onAsked: (answer) => {
        for (const one of told) listener?.onAsked(one, answer);
      },
      onLate: (replies) => {
        for (const [index, reply] of replies.entries()) listener?.onLate(told[index] as T, reply);
      },
    });
  }
  return settleOneByOne(guarded, told, verdicts, listener);
}

/** One by one, though at once; those that follow guesses after the others. */
function settleOneByOne<T extends GivenBack>(
  guarded: GuardedStore,
  told: readonly T[],
  verdicts: readonly SlotVerdict[],
  listener: VerdictListener<T> | undefined,
): Awaitable<readonly (SettleReply | LockoutStoreError)[]> {
  const { store } = guarded;
  const answers: (SettleReply | LockoutStoreError)[] = [];
  const settled = () => answers.map((answer) => (answer instanceof LockoutStoreError ? undefined : answer));
  let done: Awaitable<unknown>;
  for (const indexes of settlingOrder(verdicts)) {
    done = chain(done, () => {
      const marksOf = marksAfter(verdicts, settled());
      const asked = indexes.map((index) => {
        const one = told[index] as T;
        const verdict = verdicts[index] as SlotVerdict;
        const marks = marksOf(verdict);
        const call = guarded.call(
          'settle',
          () => store.settle(verdict.subject, verdict.policy, verdict.lease, verdict.verdict, marks),
          {
            replies: 'one',
            onAsked: (answer) => listener?.onAsked(one, answer),
            onLate: (reply) => listener?.onLate(one, reply),
          },
        );
        return chain(call, (answer) => {
          answers[index] = answer;
        });
      });
      return all(asked);
    });
  }
  return chain(done, () => answers);
}
