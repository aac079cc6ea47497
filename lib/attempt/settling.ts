/** From a verdict to its events and answer: releases the slots; the resulting counts decide the answer. */
import type { AddressWatch } from '../checks/runtime/address-watch.js';
import { deviceUntrusted, ONE_PRIVATE_ADDRESS } from '../checks/runtime/findings.js';
import type { KnownDevices } from '../devices/known-devices.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { SettleReply } from '../policy/replies.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import { type Awaitable, chain } from '../util/awaitable.js';
import type { GuessMemory } from './guess-memory.js';
import { LATE, lockedRefusal, type Refusal, storeUnavailable } from './refusal.js';
import { type Hold, queueOf } from './slots.js';
import { type CountedHold, type FlowListener, type Settled, type Ticket, UNLOCKED } from './ticket.js';
import { type TellingParts, type ToldVerdict, VerdictTelling } from './verdict-telling.js';
import type { WaitingRoom } from './waiting/waiting-room.js';

export interface SettlingParts extends TellingParts {
  readonly waiting: WaitingRoom;
  readonly listener: FlowListener;
  /** Undefined if no device is known. */
  readonly devices: KnownDevices | undefined;
  /** Undefined if addresses are not counted. */
  readonly addresses: AddressWatch | undefined;
}

/** The outcome of releasing the slots of one attempt. */
interface Given {
  readonly counted: readonly CountedHold[];
  /** The longest lock now in force. */
  readonly lock: Refusal | null;
  /** Why the verdict must not be disclosed: it came too late, or the store did not record it. */
  readonly untold: Refusal | null;
}

export class Settling {
  readonly #options: ResolvedOptions;
  readonly #parts: SettlingParts;
  readonly #telling: VerdictTelling;

  constructor(options: ResolvedOptions, parts: SettlingParts) {
    this.#options = options;
    this.#parts = parts;
    this.#telling = new VerdictTelling(options, parts, (told, reply) => this.#onHeard(told, reply));
  }

  /**
   * @param forgives - false for a success that is only half a login: it is reported as a success, but forgives no failures
   * @returns the refusal to answer with if this failure locked a subject, or if the verdict must not be disclosed
   */
  settle(ticket: Ticket, verdict: Verdict, forgives: boolean): Awaitable<Settled> {
    if (verdict === 'release' || !this.#parts.waiting.pacing.isIdle) this.#pace(ticket, verdict);
    const given = verdict === 'success' && !forgives ? 'release' : verdict;
    return chain(this.#telling.tell(ticket, given), (told) => this.#conclude(ticket, verdict, told, forgives));
  }

  /** Releases the slots of an attempt that another guard refused, or that makes way for others; its address need not pause. */
  giveBack(ticket: Ticket): Awaitable<void> {
    this.#leave(ticket);
    return chain(this.#telling.tell(ticket, 'release'), (told) => {
      this.#letGoOn(told);
    });
  }

  /** Retries the verdicts that the store has not recorded. */
  close(): Promise<void> {
    return this.#telling.close();
  }

  /** Called when the store has recorded a verdict that it missed before. */
  #onHeard({ hold, attempt, isBlockTold }: ToldVerdict, reply: SettleReply): void {
    const { listener, waiting } = this.#parts;
    if (!reply.lock) {
      waiting.wake(queueOf(hold), reply.freeSlots);
      return;
    }
    waiting.refuseAll(queueOf(hold), reply.lock);
    if (reply.didLock && !isBlockTold) listener.onBlocked(hold.subject, reply.lock, attempt, reply.isFirstToday);
  }

  #leave({ attempt, holds }: Ticket): void {
    const { pacing } = this.#parts.waiting;
    if (!pacing.isIdle) for (const hold of holds) pacing.leave(queueOf(hold), attempt.ip, attempt);
  }

  /** Paces the username only: a pause of the address would hit everyone behind it. */
  #pace(ticket: Ticket, verdict: Verdict): void {
    const { attempt, holds } = ticket;
    const { pacing } = this.#parts.waiting;
    this.#leave(ticket);
    for (const hold of holds) {
      if (hold.subject.parts['username'] === undefined) continue;
      if (verdict === 'release') pacing.slowDown(queueOf(hold), attempt.ip);
      else pacing.clear(queueOf(hold), attempt.ip);
    }
  }

  #conclude(
    { attempt, memory, holds }: Ticket,
    verdict: Verdict,
    told: readonly ToldVerdict[],
    forgives: boolean,
  ): Awaitable<Settled> {
    const { listener, addresses } = this.#parts;
    const { enforces, attemptsLeft } = this.#options;
    const given = this.#letGoOn(told);
    const { counted, lock, untold } = given;
    if (verdict === 'failure' && addresses?.meetsRule(attempt)) listener.onFinding(ONE_PRIVATE_ADDRESS);
    const recorded = this.#tell(attempt, memory, verdict, given);
    for (const { subject, reply } of counted) {
      if (reply.lock && reply.didLock) listener.onBlocked(subject, reply.lock, attempt, reply.isFirstToday);
    }
    if (verdict === 'success' && forgives && !untold) this.#trustDevice(attempt, holds);
    if (verdict === 'release' || !enforces) return chain(recorded, () => UNLOCKED);
    const refusal = untold ?? (verdict === 'failure' ? lock : null);
    if (refusal) memory.refuse(refusal);
    const left = attemptsLeft && verdict === 'failure' ? attemptsLeftOf(told) : null;
    const settled = { refusal, attemptsLeft: left };
    // Usually there is nothing to wait for.
    return recorded === undefined ? settled : chain(recorded, () => settled);
  }

  /** Never fails a login: without a token, the device is merely unknown. */
  #trustDevice(attempt: Attempt, [hold]: readonly Hold[]): void {
    const { devices } = this.#parts;
    if (!devices) return;
    try {
      devices.issueFor(attempt, hold && hold.lease.until - hold.policy.leaseTimeoutMs);
    } catch (error) {
      this.#parts.listener.onFinding(deviceUntrusted(error));
    }
  }

  /** Wakes or refuses the attempts that wait for these slots. */
  #letGoOn(told: readonly ToldVerdict[]): Given {
    const { waiting } = this.#parts;
    const hasWaiters = !waiting.isEmpty;
    const counted: CountedHold[] = [];
    let lock: Refusal | null = null;
    let untold: Refusal | null = null;
    for (const { hold, reply, error } of told) {
      const { subject, policy } = hold;
      if (!reply) {
        if (error && this.#options.onStoreError !== 'allow') untold ??= storeUnavailable(error);
        continue;
      }
      counted.push({ subject, policy, reply });
      if (reply.isLate) untold = LATE;
      if (!reply.lock) {
        if (hasWaiters) waiting.wake(queueOf(hold), reply.freeSlots);
        continue;
      }
      waiting.refuseAll(queueOf(hold), reply.lock);
      if (lock === null || reply.lock.remainingMs > lock.retryAfterMs) lock = lockedRefusal(subject, reply.lock);
    }
    return { counted: this.#parts.rotation.isUnderWay ? oncePerSubject(counted) : counted, lock, untold };
  }

  /** Emits a counted failure as a failure, and a verdict that must not be disclosed as a refusal. */
  #tell(attempt: Attempt, memory: GuessMemory, verdict: Verdict, { counted, untold }: Given): Awaitable<void> {
    const { listener } = this.#parts;
    const isUntold = untold !== null && this.#options.enforces && verdict !== 'release';
    if (isUntold && (verdict === 'success' || counted.length === 0)) return listener.onRefused(attempt, untold);
    const wasTold = verdict === 'failure' && memory.hasFailed;
    if (verdict === 'failure') memory.hasFailed = true;
    return wasTold ? undefined : listener.onSettled(attempt, verdict, counted);
  }
}

/** Each subject has one record per secret. Keeps the reply that locked, else the one with the most failures. */
function oncePerSubject(counted: readonly CountedHold[]): readonly CountedHold[] {
  const told = new Map<string, CountedHold>();
  for (const hold of counted) {
    const other = told.get(hold.subject.dimension);
    if (!other || isMoreTelling(hold, other)) told.set(hold.subject.dimension, hold);
  }
  return [...told.values()];
}

function isMoreTelling({ reply }: CountedHold, { reply: other }: CountedHold): boolean {
  return reply.didLock === other.didLock ? reply.failures > other.failures : reply.didLock;
}

function attemptsLeftOf(told: readonly ToldVerdict[]): number | null {
  let fewest: number | null = null;
  for (const { hold, reply } of told) {
    if (!reply) continue;
    const left = reply.lock ? 0 : failuresUntilLock(reply, hold.policy);
    fewest = fewest === null ? left : Math.min(fewest, left);
  }
  return fewest;
}
