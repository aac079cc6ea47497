/** One attempt from reserve to settle: the protocol of slots over any store. */

import type { AddressWatch } from '../checks/runtime/address-watch.js';
import { IP_MISSING, NO_SUBJECT, ONE_PRIVATE_ADDRESS } from '../checks/runtime/findings.js';
import type { ProxyWatch } from '../checks/runtime/proxy-watch.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { LockReport, SettleReply } from '../policy/replies.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import { subjectOf } from '../subject/dimension.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import { type Guess, type GuessMemory, RequestMemory } from './guess-memory.js';
import type { KeyRotation } from './key-rotation.js';
import { worstOf } from './obstacle.js';
import { busyRefusal, DENIED, lockedRefusal, type Refusal, STORE_UNAVAILABLE } from './refusal.js';
import type { Candidate, Hold, Reserved, Slots } from './slots.js';
import { type Admission, type CountedHold, type FlowListener, type Settled, type Ticket, UNLOCKED } from './ticket.js';
import type { WaitingRoom, WaitResult } from './waiting-room.js';

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
  readonly rotation: KeyRotation;
  readonly slots: Slots;
  readonly waiting: WaitingRoom;
  readonly listener: FlowListener;
  /** Undefined where addresses are not counted. */
  readonly addresses: AddressWatch | undefined;
  /** Undefined where addresses do not matter, or the application says itself what they are. */
  readonly proxies: ProxyWatch | undefined;
}

export class AttemptFlow {
  readonly #options: ResolvedOptions;
  readonly #parts: FlowParts;
  readonly #requests = new RequestMemory();

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
    this.#watch(attempt);
    const memory = this.#requests.of(attempt.req, guess);
    if (memory.refusal) return memory.refusal;
    if (isDenied?.(attempt)) return this.#refuse(attempt, memory, DENIED);
    if (isAllowed?.(attempt)) return { attempt, memory, holds: [] };
    return chain(all(this.#candidatesOf(attempt)), (candidates) =>
      this.#reserveAll({ attempt, memory, candidates, waitUntil: undefined, waitedFor: undefined, tries: 0 }),
    );
  }

  /**
   * Gives the slots back with the verdict.
   *
   * @param forgives - false for a success that is only half a login: it is told as one, but no failure is forgotten
   * @returns the refusal to answer with when this failure locked a subject
   */
  settle({ attempt, holds, memory }: Ticket, verdict: Verdict, forgives = true): Awaitable<Settled> {
    const given = verdict === 'success' && !forgives ? 'release' : verdict;
    const replies = holds.map((hold) => this.#parts.slots.settle(hold, this.#verdictFor(hold, given, memory)));
    return chain(all(replies), (settled) => this.#conclude(attempt, memory, verdict, holds, settled));
  }

  #watch(attempt: Attempt): void {
    const { addresses, proxies, listener } = this.#parts;
    addresses?.see(attempt);
    const finding = proxies?.see(attempt);
    if (finding) listener.onFinding(finding);
  }

  #candidatesOf(attempt: Attempt): readonly Awaitable<Candidate>[] {
    const { dimensions, keys, policyFor } = this.#options;
    const { listener, rotation } = this.#parts;
    const counted = dimensions.of(attempt);
    const candidates: Awaitable<Candidate>[] = [];
    for (const dimension of counted) {
      const subject = subjectOf(dimension, attempt, keys);
      if (subject) {
        const policy = policyFor(dimension, attempt);
        candidates.push(chain(rotation.locate(subject), (located) => ({ subject: located, policy })));
      } else if (attempt.ip === undefined && dimension.hasIp) listener.onFinding(IP_MISSING);
    }
    if (attempt.username === undefined && counted.every(({ hasUsername }) => hasUsername))
      listener.onFinding(NO_SUBJECT);
    return candidates;
  }

  #reserveAll(request: Request): Awaitable<Admission> {
    const { candidates, tries } = request;
    if (tries === 0 && this.#options.enforces) {
      const queued = candidates.find(({ subject }) => this.#parts.waiting.hasWaiters(subject.key));
      if (queued) return this.#wait(request, queued);
    }
    const replies = this.#parts.slots.reserveAll(candidates);
    return chain(all(replies), (reserved) => this.#decide(request, reserved));
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
          this.#parts.waiting.refuseAll(obstacle.candidate.subject.key, obstacle.lock);
          return this.#refuse(attempt, memory, refusalOf(obstacle.candidate, obstacle.lock));
        case 'failed':
          return this.#refuse(attempt, memory, STORE_UNAVAILABLE);
        default:
          // Monitoring never delays anybody; the attempt goes on without a slot and is not counted.
          if (!this.#options.enforces) return { attempt, memory, holds: [] };
          return this.#wait(request, obstacle.candidate);
      }
    });
  }

  #wait(request: Request, candidate: Candidate): Awaitable<Admission> {
    const { attempt, memory } = request;
    const { subject } = candidate;
    const now = performance.now();
    const waitUntil = request.waitUntil ?? now + this.#options.busyTimeoutMs;
    if (waitUntil <= now) return this.#refuse(attempt, memory, busyRefusal(subject));
    const tries = request.waitedFor === subject.key ? request.tries : 0;
    return this.#parts.waiting.wait(subject.key, waitUntil - now, tries).then((result: WaitResult) => {
      if (result === 'retry') {
        return this.#reserveAll({ ...request, waitUntil, waitedFor: subject.key, tries: tries + 1 });
      }
      if (typeof result === 'string') return this.#refuse(attempt, memory, busyRefusal(subject));
      return this.#refuse(attempt, memory, refusalOf(candidate, result));
    });
  }

  #refuse(attempt: Attempt, memory: GuessMemory, refusal: Refusal): Awaitable<Admission> {
    if (this.#options.enforces) memory.refusal = refusal;
    const admission = this.#options.enforces ? refusal : { attempt, memory, holds: [] };
    return chain(this.#parts.listener.onRefused(attempt, refusal), () => admission);
  }

  #releaseAll(holds: readonly Hold[]): Awaitable<unknown> {
    return all(
      holds.map((hold) =>
        chain(this.#parts.slots.settle(hold, 'release'), (reply) => {
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

  #conclude(
    attempt: Attempt,
    memory: GuessMemory,
    verdict: Verdict,
    holds: readonly Hold[],
    replies: readonly (SettleReply | null)[],
  ): Awaitable<Settled> {
    const { listener, waiting, addresses } = this.#parts;
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
      waiting.refuseAll(hold.subject.key, reply.lock);
      if (refusal === null || reply.lock.remainingMs > refusal.retryAfterMs) {
        refusal = refusalOf(hold, reply.lock);
      }
    }
    if (verdict === 'failure' && addresses?.meetsRule(attempt)) listener.onFinding(ONE_PRIVATE_ADDRESS);
    const isTold = verdict === 'failure' && memory.hasFailed;
    if (verdict === 'failure') memory.hasFailed = true;
    const told = isTold ? undefined : listener.onSettled(attempt, verdict, counted);
    for (const { subject, reply } of counted) {
      if (reply.lock && reply.reachedTier !== null) listener.onBlocked(subject, reply.lock, attempt);
    }
    if (verdict !== 'failure' || !this.#options.enforces) return chain(told, () => UNLOCKED);
    if (refusal) memory.refusal = refusal;
    const settled = { refusal, attemptsLeft: attemptsLeftOf(holds, replies) };
    return chain(told, () => settled);
  }
}

function attemptsLeftOf(holds: readonly Hold[], replies: readonly (SettleReply | null)[]): number | null {
  let fewest: number | null = null;
  for (const [index, { policy }] of holds.entries()) {
    const reply = replies[index];
    if (!reply) continue;
    const left = reply.lock ? 0 : failuresUntilLock(reply, policy);
    fewest = fewest === null ? left : Math.min(fewest, left);
  }
  return fewest;
}

function refusalOf({ subject, policy }: Candidate, lock: LockReport): Refusal {
  return lockedRefusal(subject, lock, policy);
}
