/** One attempt from reserve to settle: the protocol of slots over any store. */

import { IP_MISSING, IP_NOT_GIVEN, NO_SUBJECT } from '../checks/runtime/findings.js';
import type { ProxyWatch } from '../checks/runtime/proxy-watch.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import { subjectOf } from '../subject/dimension.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import { type Guess, type GuessMemory, RequestMemory } from './guess-memory.js';
import { worstOf } from './obstacle.js';
import { busyRefusal, DENIED, lockedRefusal, type Refusal, STORE_UNAVAILABLE } from './refusal.js';
import { Settling, type SettlingParts } from './settling.js';
import type { Candidate, Hold, Reserved } from './slots.js';
import type { Admission, Settled, Ticket } from './ticket.js';
import type { WaitResult } from './waiting/waiting-room.js';

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

export interface FlowParts extends SettlingParts {
  /** Undefined where addresses do not matter, or the application says itself what they are. */
  readonly proxies: ProxyWatch | undefined;
}

export class AttemptFlow {
  readonly #options: ResolvedOptions;
  readonly #parts: FlowParts;
  readonly #requests = new RequestMemory();
  readonly #settling: Settling;

  constructor(options: ResolvedOptions, parts: FlowParts) {
    this.#options = options;
    this.#parts = parts;
    this.#settling = new Settling(options, parts);
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
    const { standing } = memory;
    if (standing) return standing;
    if (isDenied?.(attempt)) return this.#refuse(attempt, memory, DENIED);
    if (isAllowed?.(attempt)) return { attempt, memory, holds: [] };
    const candidates = this.#candidatesOf(attempt);
    return this.#reserveAll({ attempt, memory, candidates, waitUntil: undefined, waitedFor: undefined, tries: 0 });
  }

  /** Gives the slots back with the verdict; see {@link Settling}. */
  settle(ticket: Ticket, verdict: Verdict, forgives = true): Awaitable<Settled> {
    return this.#settling.settle(ticket, verdict, forgives);
  }

  /** Gives the slots back of an attempt that nobody has judged; see {@link Settling}. */
  giveBack(ticket: Ticket): Awaitable<void> {
    return this.#settling.giveBack(ticket);
  }

  close(): Promise<void> {
    return this.#settling.close();
  }

  #watch(attempt: Attempt): void {
    const { addresses, proxies, listener } = this.#parts;
    addresses?.see(attempt);
    const finding = proxies?.see(attempt);
    if (finding) listener.onFinding(finding);
  }

  #candidatesOf(attempt: Attempt): readonly Candidate[] {
    const { dimensions, keys, policyFor } = this.#options;
    const { listener, rotation } = this.#parts;
    const counted = dimensions.of(attempt);
    const candidates: Candidate[] = [];
    for (const dimension of counted) {
      const subject = subjectOf(dimension, attempt, keys);
      if (subject) {
        const policy = policyFor(dimension, attempt);
        for (const variant of rotation.variantsOf(subject)) candidates.push({ subject: variant, policy });
      } else if (attempt.ip === undefined && dimension.hasIp) {
        listener.onFinding(attempt.req ? IP_MISSING : IP_NOT_GIVEN);
      }
    }
    if (attempt.username === undefined && counted.every(({ hasUsername }) => hasUsername))
      listener.onFinding(NO_SUBJECT);
    return candidates;
  }

  #reserveAll(request: Request): Awaitable<Admission> {
    const { candidates, tries } = request;
    if (tries === 0 && this.#options.enforces) {
      const queued = candidates.find(({ subject }) => this.#parts.waiting.mustWait(subject.key, request.attempt.ip));
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
          return this.#refuse(attempt, memory, lockedRefusal(obstacle.candidate, obstacle.lock));
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
    return this.#parts.waiting
      .wait(subject.key, { remainingMs: waitUntil - now, tries, address: attempt.ip })
      .then((result: WaitResult) => {
        if (result === 'retry') {
          return this.#reserveAll({ ...request, waitUntil, waitedFor: subject.key, tries: tries + 1 });
        }
        if (typeof result === 'string') return this.#refuse(attempt, memory, busyRefusal(subject));
        return this.#refuse(attempt, memory, lockedRefusal(candidate, result));
      });
  }

  #refuse(attempt: Attempt, memory: GuessMemory, refusal: Refusal): Awaitable<Admission> {
    const { enforces } = this.#options;
    const isTold = memory.isRefusalTold;
    if (enforces) memory.refuse(refusal);
    const admission = enforces ? refusal : { attempt, memory, holds: [] };
    return isTold ? admission : chain(this.#parts.listener.onRefused(attempt, refusal), () => admission);
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
}
