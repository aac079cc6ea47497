/** One attempt from reserve to settle: the protocol of slots over any store. */

import type { ProxyWatch } from '../checks/runtime/proxy-watch.js';
import { LockoutStoreError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt, KnownDevice } from '../subject/attempt.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain } from '../util/awaitable.js';
import { Candidates, isOfDevices } from './candidates.js';
import type { GuardedStore } from './guarded-store.js';
import type { Guess, GuessMemory, RequestMemory } from './guess-memory.js';
import { LongAttempts } from './long-attempts.js';
import { refusalOf } from './obstacle.js';
import { OpenTickets } from './open-tickets.js';
import { busyRefusal, DENIED, lockedRefusal, type Refusal } from './refusal.js';
import { Settling, type SettlingParts } from './settling.js';
import { type Candidate, type Hold, queueOf, type Reserved } from './slots.js';
import { sourceOf } from './source.js';
import type { Admission, Settled, Ticket } from './ticket.js';
import type { WaitResult } from './waiting/waiting-room.js';

/** An attempt that is requesting its slots. */
interface Request {
  readonly attempt: Attempt;
  readonly memory: GuessMemory;
  readonly candidates: readonly Candidate[];
  /** Monotonic time at which waiting ends; undefined before the first wait. */
  readonly waitUntil: number | undefined;
  /** The queue it last waited in; `tries` counts its waits there in a row. */
  readonly waitedFor: string | undefined;
  readonly tries: number;
}

export interface FlowParts extends SettlingParts {
  /** The main store, not the fallback. */
  readonly store: GuardedStore;
  readonly requests: RequestMemory;
  /** Undefined if addresses do not matter, or if the application determines them itself. */
  readonly proxies: ProxyWatch | undefined;
}

export class AttemptFlow {
  readonly #options: ResolvedOptions;
  readonly #parts: FlowParts;
  readonly #settling: Settling;
  readonly #open: OpenTickets;
  readonly #candidates: Candidates;

  constructor(options: ResolvedOptions, parts: FlowParts) {
    const { leaseTimeoutMs: leaseMs, busyTimeoutMs } = options;
    const { waiting, listener } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#settling = new Settling(options, parts);
    this.#candidates = new Candidates(options, parts.rotation, (finding) => listener.onFinding(finding));
    const end = (ticket: Ticket, verdict: Verdict) => this.settle(ticket, verdict);
    const giveBack = (ticket: Ticket) => this.giveBack(ticket);
    this.#open = new OpenTickets(
      leaseMs,
      new LongAttempts({ end, giveBack, waiting, listener, leaseMs, busyTimeoutMs }),
    );
  }

  /**
   * Takes a slot for each subject of the attempt, waiting for one if all are taken.
   *
   * @param guess - the credentials, to recognise the same guess in a second strategy of the same request
   */
  begin(given: Attempt, guess: Guess): Awaitable<Admission> {
    const { isDenied, isAllowed } = this.#options;
    const { devices } = this.#parts;
    const attempt = devices ? devices.recognise(given) : given;
    this.#watch(attempt);
    const memory = this.#parts.requests.of(attempt.req, guess);
    const { standing } = memory;
    if (standing) return standing;
    if (isDenied?.(attempt)) return this.#refuse(attempt, memory, DENIED);
    if (isAllowed?.(attempt)) return uncounted(attempt, memory);
    return this.#reserveFor(attempt, memory);
  }

  /** Gives the slots back with the verdict; see {@link Settling}. If they were given up meanwhile, the verdict is late. */
  settle(ticket: Ticket, verdict: Verdict, forgives = true): Awaitable<Settled> {
    const isTimely = this.#open.delete(ticket);
    const settled = this.#settling.settle(isTimely ? ticket : late(ticket), verdict, forgives);
    const { attempt } = ticket;
    if (!isTimely || verdict !== 'success' || !forgives || !attempt.factor) return settled;
    return chain(settled, (end) => (end.refusal ? end : chain(this.#forgiveFirstFactor(attempt), () => end)));
  }

  /** Takes back the first factor's failures from the same place: a second factor completes the login. */
  #forgiveFirstFactor(attempt: Attempt): Awaitable<void> {
    const { slots } = this.#parts;
    const candidates = this.#candidates.of({ ...attempt, factor: undefined });
    return chain(slots.reserveAll(candidates), ({ holds, obstacle }) => {
      const verdict = obstacle ? 'release' : 'success';
      const told = holds.map((hold) => ({ hold, verdict, marks: { source: sourceOf(attempt, hold) } }) as const);
      return chain(slots.settleAll(told), () => {});
    });
  }

  /** Gives back the slots of an attempt that was not judged; see {@link Settling}. */
  giveBack(ticket: Ticket): Awaitable<void> {
    return this.#open.delete(ticket) ? this.#settling.giveBack(ticket) : undefined;
  }

  close(): Promise<void> {
    this.#open.close();
    return this.#settling.close();
  }

  #watch(attempt: Attempt): void {
    const { addresses, proxies, listener } = this.#parts;
    addresses?.see(attempt);
    const finding = proxies?.see(attempt);
    if (finding) listener.onFinding(finding);
  }

  #reserveFor(attempt: Attempt, memory: GuessMemory, waitUntil?: number): Awaitable<Admission> {
    const candidates = this.#candidates.of(attempt);
    return this.#reserveAll({ attempt, memory, candidates, waitUntil, waitedFor: undefined, tries: 0 });
  }

  #reserveAll(request: Request): Awaitable<Admission> {
    const { attempt, candidates, tries } = request;
    const { slots, waiting } = this.#parts;
    if (!waiting.isIdle) {
      const mustWait = (candidate: Candidate) =>
        !candidate.looksOnly && waiting.mustWait(queueOf(candidate), attempt.ip, tries);
      const queued = this.#options.enforces ? candidates.find(mustWait) : undefined;
      if (queued) return this.#wait(request, queued);
      for (const candidate of candidates) {
        // A candidate without a slot would never leave.
        if (!candidate.looksOnly) waiting.pacing.enter(queueOf(candidate), attempt.ip, attempt);
      }
    }
    return chain(slots.reserveAll(candidates), (reserved) => this.#decide(request, reserved));
  }

  #decide(request: Request, reserved: Reserved): Awaitable<Admission> {
    const { holds, obstacle } = reserved;
    const { attempt, candidates, memory } = request;
    const { waiting } = this.#parts;
    const isDistrusted = attempt.token !== undefined && this.#isDistrusted(attempt.token, reserved);
    if (!obstacle && !isDistrusted) {
      const ticket = { attempt, memory, holds, openedAt: performance.now() };
      if (holds.length > 0) this.#open.add(ticket);
      if (!waiting.isEmpty) for (const hold of holds) waiting.wake(queueOf(hold), hold.freeSlots);
      return ticket;
    }
    for (const candidate of candidates) waiting.pacing.leave(queueOf(candidate), attempt.ip, attempt);
    return chain(holds.length > 0 ? this.#releaseAll(holds) : undefined, () => {
      if (isDistrusted || !obstacle)
        return this.#reserveFor({ ...attempt, device: 'unknown', token: undefined }, memory, request.waitUntil);
      if (obstacle.outcome === 'locked') waiting.refuseAll(queueOf(obstacle.candidate), obstacle.lock);
      if (obstacle.outcome !== 'busy') return this.#refuse(attempt, memory, refusalOf(obstacle));
      // Monitoring never delays anyone; the attempt proceeds without a slot and is not counted.
      return this.#options.enforces ? this.#wait(request, obstacle.candidate) : uncounted(attempt, memory);
    });
  }

  /** Whether the device is locked or its token revoked. It then counts as unknown: it could drop its cookie anyway. */
  #isDistrusted({ issuedAt }: KnownDevice, { holds, obstacle, devicesSince }: Reserved): boolean {
    if (obstacle?.outcome === 'locked' && isOfDevices(obstacle.candidate.subject)) return true;
    if (devicesSince > issuedAt) return true;
    // The fallback store knows of no revocations.
    return holds.some(({ store }) => store !== this.#parts.store);
  }

  #wait(request: Request, candidate: Candidate): Awaitable<Admission> {
    const { attempt, memory } = request;
    const { subject } = candidate;
    const now = performance.now();
    const waitUntil = request.waitUntil ?? now + this.#options.busyTimeoutMs;
    if (waitUntil <= now) return this.#refuse(attempt, memory, busyRefusal(subject));
    const queue = queueOf(candidate);
    const tries = request.waitedFor === queue ? request.tries : 0;
    return this.#parts.waiting
      .wait(queue, { remainingMs: waitUntil - now, tries, address: attempt.ip })
      .then((result: WaitResult) => {
        if (result === 'retry') {
          return this.#reserveAll({ ...request, waitUntil, waitedFor: queue, tries: tries + 1 });
        }
        if (typeof result === 'string') return this.#refuse(attempt, memory, busyRefusal(subject));
        return this.#refuse(attempt, memory, lockedRefusal(subject, result));
      });
  }

  #refuse(attempt: Attempt, memory: GuessMemory, refusal: Refusal): Awaitable<Admission> {
    const { enforces } = this.#options;
    const isTold = memory.isRefusalTold;
    if (enforces) memory.refuse(refusal);
    const admission = enforces ? refusal : uncounted(attempt, memory);
    return isTold ? admission : chain(this.#parts.listener.onRefused(attempt, refusal), () => admission);
  }

  /** Releases slots taken before another subject turned out to block the attempt. */
  #releaseAll(holds: readonly Hold[]): Awaitable<void> {
    const { slots, waiting } = this.#parts;
    const released = holds.map((hold) => ({ hold, verdict: 'release', marks: undefined }) as const);
    return chain(slots.settleAll(released), (replies) => {
      for (const [index, reply] of replies.entries()) {
        if (!(reply instanceof LockoutStoreError)) waiting.wake(queueOf(holds[index] as Hold), reply.freeSlots);
      }
    });
  }
}

function uncounted(attempt: Attempt, memory: GuessMemory): Ticket {
  return { attempt, memory, holds: [], openedAt: 0 };
}

/** Returns the ticket with expired leases: its slots may belong to another attempt by now. */
function late({ holds, ...ticket }: Ticket): Ticket {
  return { ...ticket, holds: holds.map((hold) => ({ ...hold, lease: { ...hold.lease, until: 0 } })) };
}
