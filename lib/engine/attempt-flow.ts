/** One attempt from reserve to settle: the protocol of slots over any store. */
import { randomUUID } from 'node:crypto';
import { LockoutStoreError } from '../errors.js';
import { isThenable } from '../events.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { Lease, Policy, Verdict } from '../policy/state.js';
import type { Awaitable, LockReport, SettleReply } from '../stores/store.js';
import type { Attempt } from '../subject/attempt.js';
import { subjectOf } from '../subject/dimension.js';
import type { Subject } from '../subject/key.js';
import { all, chain } from './awaitable.js';
import type { GuardedStore } from './guarded-store.js';
import type { LockCache } from './lock-cache.js';
import { busyRefusal, DENIED, lockedRefusal, type Refusal, STORE_UNAVAILABLE } from './refusal.js';
import { type Guess, type GuessMemory, RequestMemory } from './request-memory.js';
import type { WaitingRoom, WaitResult } from './waiting-room.js';

/** A subject with the rules that hold for it in this attempt. */
interface Candidate {
  readonly subject: Subject;
  readonly policy: Policy;
}

/** One slot, and where it was taken. */
interface Hold extends Candidate {
  readonly lease: Lease;
  readonly store: GuardedStore;
}

/** Leave to verify one attempt; to be settled exactly once. */
export interface Ticket {
  readonly attempt: Attempt;
  readonly holds: readonly Hold[];
  readonly memory: GuessMemory;
}

export type Admission = Ticket | Refusal;

export function isRefusal(admission: Admission): admission is Refusal {
  return 'reason' in admission;
}

/** A subject after a verdict was counted on it. */
export interface CountedHold {
  readonly subject: Subject;
  readonly reply: SettleReply;
}

/** What the flow tells of its attempts. */
export interface FlowListener {
  onSettled(attempt: Attempt, verdict: Verdict, counted: readonly CountedHold[]): void;
  onBlocked(subject: Subject, lock: LockReport, attempt: Attempt): void;
  onRefused(attempt: Attempt, refusal: Refusal): void;
  onIpMissing(): void;
}

/** What became of asking for one slot. */
type Reserved =
  | { readonly outcome: 'taken'; readonly hold: Hold; readonly freeSlots: number }
  | { readonly outcome: 'busy'; readonly subject: Subject }
  | { readonly outcome: 'locked'; readonly subject: Subject; readonly lock: LockReport }
  | { readonly outcome: 'uncounted' }
  | { readonly outcome: 'failed' };

/** An attempt on its way to its slots. */
interface Request {
  readonly attempt: Attempt;
  readonly memory: GuessMemory;
  readonly candidates: readonly Candidate[];
  /** Monotonic time at which waiting ends; undefined before the first wait. */
  readonly waitUntil: number | undefined;
  /** Whose slots it waited for last, and how often in a row. */
  readonly waitedFor: string | undefined;
  readonly tries: number;
}

export interface FlowParts {
  readonly store: GuardedStore;
  readonly fallback: GuardedStore | undefined;
  readonly locks: LockCache;
  readonly waiting: WaitingRoom;
  readonly listener: FlowListener;
}

const PROCESS_ID = randomUUID();

export class AttemptFlow {
  readonly #options: ResolvedOptions;
  readonly #parts: FlowParts;
  readonly #requests = new RequestMemory();
  #leases = 0;

  constructor(options: ResolvedOptions, parts: FlowParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /**
   * Takes a slot for each subject of the attempt, waiting for one where all are being verified.
   *
   * @param guess - the credentials, to recognise the same guess in a second strategy of the same request
   */
  begin(attempt: Attempt, guess: Guess): Awaitable<Admission> {
    const { isDenied, isAllowed } = this.#options;
    const memory = this.#requests.of(attempt.req, guess);
    if (memory.refusal) return memory.refusal;
    if (isDenied?.(attempt)) return this.#refuse(attempt, memory, DENIED);
    if (isAllowed?.(attempt)) return { attempt, memory, holds: [] };
    return this.#reserveAll({
      attempt,
      memory,
      candidates: this.#candidatesOf(attempt),
      waitUntil: undefined,
      waitedFor: undefined,
      tries: 0,
    });
  }

  /**
   * Gives the slots back with the verdict.
   *
   * @returns the refusal to answer with when this failure locked a subject, else null
   */
  settle({ attempt, holds, memory }: Ticket, verdict: Verdict): Awaitable<Refusal | null> {
    const replies = holds.map((hold) => this.#settleHold(hold, this.#verdictFor(hold, verdict, memory)));
    return chain(all(replies), (settled) => this.#conclude(attempt, memory, verdict, holds, settled));
  }

  #candidatesOf(attempt: Attempt): readonly Candidate[] {
    const { dimensions, keys, policyFor } = this.#options;
    const candidates: Candidate[] = [];
    for (const dimension of dimensions) {
      const subject = subjectOf(dimension, attempt, keys);
      if (subject) candidates.push({ subject, policy: policyFor(dimension, attempt) });
      else if (attempt.ip === undefined && dimension.hasIp) this.#parts.listener.onIpMissing();
    }
    return candidates;
  }

  #reserveAll(request: Request): Awaitable<Admission> {
    const { candidates, tries } = request;
    if (tries === 0 && this.#options.enforces) {
      const queued = candidates.find(({ subject }) => this.#parts.waiting.hasWaiters(subject.key));
      if (queued) return this.#wait(request, queued.subject);
    }
    const replies: Awaitable<Reserved>[] = [];
    for (const candidate of candidates) {
      const reply = this.#reserve(candidate);
      replies.push(reply);
      // A store that answers at once need not be asked for the rest when the attempt cannot go on.
      if (!isThenable(reply) && isObstacle(reply as Reserved)) break;
    }
    return chain(all(replies), (reserved) => this.#decide(request, reserved));
  }

  #reserve({ subject, policy }: Candidate): Awaitable<Reserved> {
    const seen = this.#parts.locks.get(subject.key);
    if (seen) return { outcome: 'locked', subject, lock: seen };
    return this.#reserveOn(this.#parts.store, { subject, policy });
  }

  #reserveOn(store: GuardedStore, candidate: Candidate): Awaitable<Reserved> {
    const { subject, policy } = candidate;
    this.#leases += 1;
    const leaseId = `${PROCESS_ID}:${this.#leases.toString(36)}`;
    const reply = store.call(
      'reserve',
      (port) => port.reserve(subject, policy, leaseId),
      (late) => {
        if (late.outcome === 'taken') void this.#settleHold({ ...candidate, lease: late.lease, store }, 'release');
      },
    );
    return chain(reply, (answer): Awaitable<Reserved> => {
      if (answer instanceof LockoutStoreError) return this.#reserveElsewhere(store, candidate);
      switch (answer.outcome) {
        case 'taken':
          return {
            outcome: 'taken',
            hold: { subject, policy, lease: answer.lease, store },
            freeSlots: answer.freeSlots,
          };
        case 'locked':
          this.#learnLock(store, subject.key, answer.lock);
          return { outcome: 'locked', subject, lock: answer.lock };
        default:
          return { outcome: 'busy', subject };
      }
    });
  }

  /** What `onStoreError` says about a subject whose store failed. */
  #reserveElsewhere(failed: GuardedStore, candidate: Candidate): Awaitable<Reserved> {
    const { fallback, store } = this.#parts;
    if (this.#options.onStoreError === 'allow') return { outcome: 'uncounted' };
    if (fallback && failed === store) return this.#reserveOn(fallback, candidate);
    return { outcome: 'failed' };
  }

  #decide(request: Request, reserved: readonly Reserved[]): Awaitable<Admission> {
    const { attempt, memory } = request;
    const taken = reserved.filter((item) => item.outcome === 'taken');
    const holds = taken.map(({ hold }) => hold);
    const obstacle = worstOf(reserved);
    if (!obstacle) {
      for (const { hold, freeSlots } of taken) this.#parts.waiting.wake(hold.subject.key, freeSlots);
      return { attempt, memory, holds };
    }
    return chain(this.#releaseAll(holds), () => {
      switch (obstacle.outcome) {
        case 'locked':
          this.#parts.waiting.refuseAll(obstacle.subject.key, obstacle.lock);
          return this.#refuse(attempt, memory, lockedRefusal(obstacle.subject, obstacle.lock));
        case 'failed':
          return this.#refuse(attempt, memory, STORE_UNAVAILABLE);
        default:
          // Monitoring never delays anybody; the attempt goes on without a slot and is not counted.
          if (!this.#options.enforces) return { attempt, memory, holds: [] };
          return this.#wait(request, obstacle.subject);
      }
    });
  }

  #wait(request: Request, subject: Subject): Awaitable<Admission> {
    const { attempt, memory } = request;
    const now = performance.now();
    const waitUntil = request.waitUntil ?? now + this.#options.busyTimeoutMs;
    if (waitUntil <= now) return this.#refuse(attempt, memory, busyRefusal(subject));
    const tries = request.waitedFor === subject.key ? request.tries : 0;
    return this.#parts.waiting.wait(subject.key, waitUntil - now, tries).then((result: WaitResult) => {
      if (result === 'retry') {
        return this.#reserveAll({ ...request, waitUntil, waitedFor: subject.key, tries: tries + 1 });
      }
      if (typeof result === 'string') return this.#refuse(attempt, memory, busyRefusal(subject));
      return this.#refuse(attempt, memory, lockedRefusal(subject, result));
    });
  }

  #refuse(attempt: Attempt, memory: GuessMemory, refusal: Refusal): Admission {
    this.#parts.listener.onRefused(attempt, refusal);
    if (!this.#options.enforces) return { attempt, memory, holds: [] };
    memory.refusal = refusal;
    return refusal;
  }

  #releaseAll(holds: readonly Hold[]): Awaitable<unknown> {
    return all(
      holds.map((hold) =>
        chain(this.#settleHold(hold, 'release'), (reply) => {
          if (reply) this.#parts.waiting.wake(hold.subject.key, reply.freeSlots);
        }),
      ),
    );
  }

  #verdictFor({ subject }: Hold, verdict: Verdict, memory: GuessMemory): Verdict {
    if (verdict !== 'failure') return verdict;
    if (memory.counted.has(subject.key)) return 'release';
    memory.counted.add(subject.key);
    return 'failure';
  }

  /** Null when the store failed; the lease then ends by itself. */
  #settleHold({ store, subject, policy, lease }: Hold, verdict: Verdict): Awaitable<SettleReply | null> {
    const reply = store.call('settle', (port) => port.settle(subject, policy, lease, verdict));
    return chain(reply, (answer) => (answer instanceof LockoutStoreError ? null : answer));
  }

  #conclude(
    attempt: Attempt,
    memory: GuessMemory,
    verdict: Verdict,
    holds: readonly Hold[],
    replies: readonly (SettleReply | null)[],
  ): Refusal | null {
    const { listener, waiting } = this.#parts;
    const counted: CountedHold[] = [];
    let refusal: Refusal | null = null;
    for (const [index, reply] of replies.entries()) {
      const hold = holds[index];
      if (!reply || !hold) continue;
      counted.push({ subject: hold.subject, reply });
      if (!reply.lock) {
        waiting.wake(hold.subject.key, reply.freeSlots);
        continue;
      }
      this.#learnLock(hold.store, hold.subject.key, reply.lock);
      waiting.refuseAll(hold.subject.key, reply.lock);
      if (refusal === null || reply.lock.remainingMs > refusal.retryAfterMs) {
        refusal = lockedRefusal(hold.subject, reply.lock);
      }
    }
    listener.onSettled(attempt, verdict, counted);
    for (const { subject, reply } of counted) {
      if (reply.lock && reply.reachedTier !== null) listener.onBlocked(subject, reply.lock, attempt);
    }
    if (verdict !== 'failure' || !this.#options.enforces || !refusal) return null;
    memory.refusal = refusal;
    return refusal;
  }

  #learnLock(store: GuardedStore, key: string, lock: LockReport): void {
    if (!store.store.isLocal) this.#parts.locks.remember(key, lock);
  }
}

function isObstacle({ outcome }: Reserved): boolean {
  return outcome === 'locked' || outcome === 'busy' || outcome === 'failed';
}

type Obstacle = Exclude<Reserved, { outcome: 'taken' | 'uncounted' }>;
const SEVERITY: Readonly<Record<Reserved['outcome'], number>> = {
  locked: 3,
  failed: 2,
  busy: 1,
  taken: 0,
  uncounted: 0,
};

/** What keeps the attempt from going on: the longest lock, else a failing store, else a busy subject. */
function worstOf(reserved: readonly Reserved[]): Obstacle | undefined {
  let worst: Obstacle | undefined;
  for (const item of reserved) {
    if (item.outcome === 'taken' || item.outcome === 'uncounted') continue;
    const isWorse =
      worst === undefined ||
      SEVERITY[item.outcome] > SEVERITY[worst.outcome] ||
      (item.outcome === 'locked' && worst.outcome === 'locked' && item.lock.remainingMs > worst.lock.remainingMs);
    if (isWorse) worst = item;
  }
  return worst;
}
