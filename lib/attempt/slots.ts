/** The slots of one attempt: taken and given back on the store or its fallback. */
import { LockoutStoreError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { LockReport, ReserveReply, SettleReply } from '../policy/replies.js';
import { isRefusedBy, type Lease, type Policy } from '../policy/state.js';
import type { KeyMaker, Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';
import type { LockCache } from './lock-cache.js';
import { type Obstacle, worseOf } from './obstacle.js';
import { type Answers, askForSlots, type GivenBack, giveSlotsBack, type VerdictListener } from './slot-calls.js';

/** A subject with the policy that applies to it in this attempt. */
export interface Candidate {
  readonly subject: Subject;
  readonly policy: Policy;
  /** The keys the subject's key was made with. */
  readonly keys: KeyMaker;
  /** Whether only its lock matters, so that no slot is taken. */
  readonly looksOnly?: boolean;
}

/**
 * Returns the queue in which an attempt waits for a slot of the subject. Attempts of known devices, for which only the hard stop
 * counts, have a queue of their own: they neither wait behind strangers nor are refused with them. No key ends with `&`.
 */
export function queueOf({ subject, policy }: Pick<Candidate, 'subject' | 'policy'>): string {
  return policy.rowOnly ? `${subject.key}&` : subject.key;
}

/** A slot, and the store it was taken on. */
export interface Hold extends Candidate {
  readonly lease: Lease;
  /** How many slots were left at that time. */
  readonly freeSlots: number;
  readonly store: GuardedStore;
  /** Monotonic: when the slot was asked for, so its lease began no sooner. */
  readonly askedAt: number;
}

/** The result of reserving a slot for each subject. */
export interface Reserved {
  readonly holds: readonly Hold[];
  /** Why the attempt may not proceed; undefined if it may. */
  readonly obstacle: Obstacle | undefined;
  /** Tokens of known devices issued before this instant are revoked, according to any of the subjects; else 0. */
  readonly devicesSince: number;
}

/** The verdict to settle one slot with. */
export interface HeldVerdict extends GivenBack {
  readonly hold: Hold;
}

/** Whether to take a slot, or only look for a lock. */
type Mode = 'take' | 'look';

export interface SlotParts {
  readonly store: GuardedStore;
  readonly fallback: GuardedStore | undefined;
  readonly locks: LockCache;
  /** Called when a call to a store has failed. */
  readonly onFailed: (error: LockoutStoreError) => void;
}

export class Slots {
  readonly #onStoreError: ResolvedOptions['onStoreError'];
  readonly #parts: SlotParts;

  constructor(onStoreError: ResolvedOptions['onStoreError'], parts: SlotParts) {
    this.#onStoreError = onStoreError;
    this.#parts = parts;
  }

  /** Reserves a slot for each candidate; for none if this process already knows that one of them is locked. */
  reserveAll(candidates: readonly Candidate[]): Awaitable<Reserved> {
    const obstacle = this.#knownLock(candidates);
    return obstacle ? { holds: [], obstacle, devicesSince: 0 } : this.#ask(this.#parts.store, 'take', candidates);
  }

  /** Returns what would block the next attempt, without taking a slot: a lock, or a failing store. */
  peek(candidates: readonly Candidate[]): Awaitable<Obstacle | undefined> {
    const known = this.#knownLock(candidates);
    return known ?? chain(this.#ask(this.#parts.store, 'look', candidates), ({ obstacle }) => obstacle);
  }

  /**
   * Gives slots back.
   *
   * @param listener - called with the outcome of each, even after the store timed out
   * @returns the reply for each; an error if the store failed: the lease then expires, unless the verdict is retried
   */
  settleAll<T extends HeldVerdict>(
    told: readonly T[],
    listener?: VerdictListener<T>,
  ): Awaitable<readonly (SettleReply | LockoutStoreError)[]> {
    const [first] = told;
    if (!first) return [];
    const { store } = first.hold;
    for (const { hold } of told) if (hold.store !== store) return this.#settleEach(told, listener);
    return chain(giveSlotsBack(store, told, listener), (answers) => {
      const settled = answers instanceof LockoutStoreError ? told.map(() => answers) : answers;
      for (let index = 0; index < settled.length; index += 1) {
        const answer = settled[index] as SettleReply | LockoutStoreError;
        if (answer instanceof LockoutStoreError) this.#parts.onFailed(answer);
        else if (answer.lock) this.#learnLock(store, (told[index] as T).hold.subject.key, answer.lock);
      }
      return settled;
    });
  }

  /** Settles one by one: while the store fails, some slots may be held on the fallback and some not. */
  #settleEach<T extends HeldVerdict>(
    told: readonly T[],
    listener: VerdictListener<T> | undefined,
  ): Awaitable<readonly (SettleReply | LockoutStoreError)[]> {
    return all(
      told.map((one) =>
        chain(this.settleAll([one], listener), ([answer]) => answer as SettleReply | LockoutStoreError),
      ),
    );
  }

  /** Settles a verdict on the fallback after the store failed. Null if there is no fallback, or it does not accept the verdict. */
  settleElsewhere({ hold, verdict, marks }: HeldVerdict): Awaitable<SettleReply | null> {
    const { fallback, store } = this.#parts;
    if (!fallback || hold.store !== store) return null;
    return chain(this.#ask(fallback, 'take', [hold]), ({ holds: [instead] }) =>
      instead ? chain(this.settleAll([{ hold: instead, verdict, marks }]), ([answer]) => replyOf(answer)) : null,
    );
  }

  #knownLock(candidates: readonly Candidate[]): Obstacle | undefined {
    const { locks } = this.#parts;
    if (locks.isEmpty) return undefined;
    let known: Obstacle | undefined;
    for (const candidate of candidates) {
      const lock = locks.get(candidate.subject.key);
      if (lock && isRefusedBy(lock, candidate.policy)) known = worseOf(known, { outcome: 'locked', candidate, lock });
    }
    return known;
  }

  #ask(store: GuardedStore, mode: Mode, candidates: readonly Candidate[]): Awaitable<Reserved> {
    const askedAt = performance.now();
    const asked =
      mode === 'look'
        ? look(store, candidates)
        : askForSlots(store, candidates, (late) => this.#giveBackLate(store, late));
    return chain(asked, (answers) => {
      const holds: Hold[] = [];
      const unanswered: Candidate[] = [];
      let error: LockoutStoreError | undefined;
      let obstacle: Obstacle | undefined;
      let devicesSince = 0;
      const replies = answers instanceof LockoutStoreError ? candidates.map(() => answers) : answers;
      for (let index = 0; index < replies.length; index += 1) {
        const reply = replies[index] as ReserveReply | LockoutStoreError;
        const candidate = candidates[index] as Candidate;
        if (reply instanceof LockoutStoreError) {
          error ??= reply;
          unanswered.push(candidate);
        } else if (reply.outcome === 'taken') {
          const { subject, policy, keys } = candidate;
          const { lease, freeSlots } = reply;
          holds.push({ subject, policy, keys, lease, freeSlots, store, askedAt });
          devicesSince = Math.max(devicesSince, reply.devicesSince);
        } else if (reply.outcome === 'locked') {
          this.#learnLock(store, candidate.subject.key, reply.lock);
          obstacle = worseOf(obstacle, { outcome: 'locked', candidate, lock: reply.lock });
        } else if (reply.outcome === 'busy') obstacle = worseOf(obstacle, { outcome: 'busy', candidate });
        else devicesSince = Math.max(devicesSince, reply.devicesSince ?? 0);
      }
      if (!error) return { holds, obstacle, devicesSince };
      return chain(this.#askElsewhere({ store, error }, mode, unanswered), (elsewhere) => ({
        holds: [...holds, ...elsewhere.holds],
        obstacle: worseOf(obstacle, elsewhere.obstacle),
        devicesSince: Math.max(devicesSince, elsewhere.devicesSince),
      }));
    });
  }

  /** Applies `onStoreError` to subjects whose store failed. */
  #askElsewhere(
    failed: { readonly store: GuardedStore; readonly error: LockoutStoreError },
    mode: Mode,
    candidates: readonly Candidate[],
  ): Awaitable<Reserved> {
    const { fallback, store, onFailed } = this.#parts;
    onFailed(failed.error);
    if (this.#onStoreError === 'allow') return { holds: [], obstacle: undefined, devicesSince: 0 };
    const obstacle = { outcome: 'failed', error: failed.error } as const;
    if (!fallback || failed.store !== store) return { holds: [], obstacle, devicesSince: 0 };
    // Even if the fallback fails too, the failure of the main store is the cause.
    return chain(this.#ask(fallback, mode, candidates), (instead) =>
      instead.obstacle?.outcome === 'failed' ? { ...instead, obstacle } : instead,
    );
  }

  /** Releases slots granted after the timeout: no attempt waits for them any more. */
  #giveBackLate(store: GuardedStore, late: readonly (readonly [candidate: Candidate, reply: ReserveReply])[]): void {
    const taken: HeldVerdict[] = [];
    for (const [candidate, reply] of late) {
      if (reply.outcome !== 'taken') continue;
      const { lease, freeSlots } = reply;
      const hold = { ...candidate, lease, freeSlots, store, askedAt: Number.NEGATIVE_INFINITY };
      taken.push({ hold, verdict: 'release', marks: undefined });
    }
    void this.settleAll(taken);
  }

  #learnLock(store: GuardedStore, key: string, lock: LockReport): void {
    if (!store.store.isLocal) this.#parts.locks.remember(key, lock);
  }
}

function look(store: GuardedStore, candidates: readonly Candidate[]): Awaitable<Answers<ReserveReply>> {
  const asked = candidates.map(({ subject }) => store.call('read', (port) => port.read(subject.key)));
  return chain(all(asked), (records) =>
    records.map((record, index): ReserveReply | LockoutStoreError => {
      if (record instanceof LockoutStoreError) return record;
      const lock = record?.lock;
      const { policy } = candidates[index] as Candidate;
      return lock && isRefusedBy(lock, policy) ? { outcome: 'locked', lock } : { outcome: 'free' };
    }),
  );
}

function replyOf(answer: SettleReply | LockoutStoreError | undefined): SettleReply | null {
  return answer === undefined || answer instanceof LockoutStoreError ? null : answer;
}
