/** One slot of one subject: taken and given back on the store, or on what stands in for it. */
import { randomUUID } from 'node:crypto';
import { LockoutStoreError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { LockReport, SettleReply } from '../policy/replies.js';
import type { Lease, Marks, Policy, Verdict } from '../policy/state.js';
import type { LockoutStore } from '../stores/store.js';
import type { Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain, isThenable } from '../util/awaitable.js';
import { describeValue } from '../validation/describe-value.js';
import type { GuardedStore } from './guarded-store.js';
import type { LockCache } from './lock-cache.js';
import type { AnswerListener } from './pending-settles.js';

/** Leases are unique over all processes, lockouts and copies of this module that share a store. */
const LEASE_PREFIX = randomUUID();
let leases = 0;

/** A subject with the rules that hold for it in this attempt. */
export interface Candidate {
  readonly subject: Subject;
  readonly policy: Policy;
}

/** One slot, and where it was taken. */
export interface Hold extends Candidate {
  readonly lease: Lease;
  readonly store: GuardedStore;
}

/** What became of asking for one slot. */
export type Reserved =
  | { readonly outcome: 'taken'; readonly hold: Hold; readonly freeSlots: number }
  | { readonly outcome: 'busy'; readonly candidate: Candidate }
  | { readonly outcome: 'locked'; readonly candidate: Candidate; readonly lock: LockReport }
  | Unasked;

/** No store could say. */
type Unasked = { readonly outcome: 'uncounted' } | { readonly outcome: 'failed'; readonly error: LockoutStoreError };

/** What became of a look at one subject. */
export type Looked = Exclude<Reserved, { readonly outcome: 'taken' | 'busy' }> | { readonly outcome: 'free' };

export interface SlotParts {
  readonly store: GuardedStore;
  readonly fallback: GuardedStore | undefined;
  readonly locks: LockCache;
  /** The store of logins has failed one. */
  readonly onFailed: (error: LockoutStoreError) => void;
}

export class Slots {
  readonly #onStoreError: ResolvedOptions['onStoreError'];
  readonly #parts: SlotParts;

  constructor(onStoreError: ResolvedOptions['onStoreError'], parts: SlotParts) {
    this.#onStoreError = onStoreError;
    this.#parts = parts;
  }

  /** Asks for a slot for each; for none of them while this process knows that one of the subjects is locked. */
  reserveAll(candidates: readonly Candidate[]): readonly Awaitable<Reserved>[] {
    const known = candidates.flatMap((candidate): Reserved[] => {
      const lock = this.#parts.locks.get(candidate.subject.key);
      return lock ? [{ outcome: 'locked', candidate, lock }] : [];
    });
    return known.length > 0 ? known : candidates.map((candidate) => this.#reserveOn(this.#parts.store, candidate));
  }

  /** What the next attempt would meet, without taking a slot: a lock, or a store that cannot say. */
  look(candidate: Candidate): Awaitable<Looked> {
    const lock = this.#parts.locks.get(candidate.subject.key);
    return lock ? { outcome: 'locked', candidate, lock } : this.#lookAt(this.#parts.store, candidate);
  }

  #lookAt(store: GuardedStore, candidate: Candidate): Awaitable<Looked> {
    const { key } = candidate.subject;
    return chain(
      store.call('read', (port) => port.read(key)),
      (record): Awaitable<Looked> => {
        if (record instanceof LockoutStoreError) {
          return this.#elsewhere(store, record, (fallback) => this.#lookAt(fallback, candidate));
        }
        if (!record?.lock) return { outcome: 'free' };
        this.#learnLock(store, key, record.lock);
        return { outcome: 'locked', candidate, lock: record.lock };
      },
    );
  }

  /**
   * Gives a slot back. An error when the store failed; the lease then ends by itself, unless the store is told again.
   *
   * @param listener - told of what comes of the question, also after the time of the store is over
   */
  settle(
    { store, subject, policy, lease }: Hold,
    verdict: Verdict,
    marks?: Marks,
    listener?: AnswerListener,
  ): Awaitable<SettleReply | LockoutStoreError> {
    const ask = (port: LockoutStore) => {
      const answer = chain(port.settle(subject, policy, lease, verdict, marks), aReply);
      if (isThenable(answer)) listener?.onAsked(answer);
      return answer;
    };
    const reply = store.call('settle', ask, listener && ((late) => listener.onLate(late)));
    return chain(reply, (answer) => {
      if (answer instanceof LockoutStoreError) this.#parts.onFailed(answer);
      else if (answer.lock) this.#learnLock(store, subject.key, answer.lock);
      return answer;
    });
  }

  /** A verdict that the store could not be told of, on the store that stands in for it. Null without one, or when it takes none. */
  settleElsewhere(
    hold: Hold,
    verdict: Verdict,
    marksFor: (hold: Hold) => Marks | undefined,
  ): Awaitable<SettleReply | LockoutStoreError | null> {
    const { fallback, store } = this.#parts;
    if (!fallback || hold.store !== store) return null;
    return chain(this.#reserveOn(fallback, hold), (reserved) =>
      reserved.outcome === 'taken' ? this.settle(reserved.hold, verdict, marksFor(reserved.hold)) : null,
    );
  }

  #reserveOn(store: GuardedStore, candidate: Candidate): Awaitable<Reserved> {
    const { subject, policy } = candidate;
    const leaseId = nextLeaseId();
    const reply = store.call(
      'reserve',
      (port) => chain(port.reserve(subject, policy, leaseId), aReply),
      (late) => {
        if (late.outcome === 'taken') void this.settle({ ...candidate, lease: late.lease, store }, 'release');
      },
    );
    return chain(reply, (answer): Awaitable<Reserved> => {
      if (answer instanceof LockoutStoreError) {
        return this.#elsewhere(store, answer, (fallback) => this.#reserveOn(fallback, candidate));
      }
      switch (answer.outcome) {
        case 'taken':
          return {
            outcome: 'taken',
            hold: { subject, policy, lease: answer.lease, store },
            freeSlots: answer.freeSlots,
          };
        case 'locked':
          this.#learnLock(store, subject.key, answer.lock);
          return { outcome: 'locked', candidate, lock: answer.lock };
        default:
          return { outcome: 'busy', candidate };
      }
    });
  }

  /** What `onStoreError` says about a subject whose store failed. */
  #elsewhere<T extends { readonly outcome: string }>(
    failed: GuardedStore,
    error: LockoutStoreError,
    ask: (fallback: GuardedStore) => Awaitable<T>,
  ): Awaitable<T | Unasked> {
    const { fallback, store, onFailed } = this.#parts;
    onFailed(error);
    if (this.#onStoreError === 'allow') return { outcome: 'uncounted' };
    const failure = { outcome: 'failed', error } as const;
    if (!fallback || failed !== store) return failure;
    // Whatever becomes of the one that stands in, why it had to is the cause.
    return chain(ask(fallback), (instead): T | Unasked => (instead.outcome === 'failed' ? failure : instead));
  }

  #learnLock(store: GuardedStore, key: string, lock: LockReport): void {
    if (!store.store.isLocal) this.#parts.locks.remember(key, lock);
  }
}

/** A store that answers nothing has failed; found out later, it would keep the slots of the other subjects taken. */
function aReply<T>(answer: T): T {
  if (typeof answer === 'object' && answer !== null) return answer;
  throw new TypeError(`expected a reply of the store, got ${describeValue(answer)}`);
}

function nextLeaseId(): string {
  leases += 1;
  return `${LEASE_PREFIX}:${leases.toString(36)}`;
}
