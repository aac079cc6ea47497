/** From a verdict to what is told of it: the slots are given back, and what was counted decides the answer. */
import type { AddressWatch } from '../checks/runtime/address-watch.js';
import { ONE_PRIVATE_ADDRESS } from '../checks/runtime/findings.js';
import { LockoutStoreError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { SettleReply } from '../policy/replies.js';
import type { Marks, Verdict } from '../policy/state.js';
import { type Attempt, toKept } from '../subject/attempt.js';
import type { Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import type { GuessMemory } from './guess-memory.js';
import type { KeyRotation } from './key-rotation.js';
import { PendingSettles } from './pending-settles.js';
import { LATE, lockedRefusal, type Refusal, storeUnavailable } from './refusal.js';
import type { Hold, Slots } from './slots.js';
import { sourceOf } from './source.js';
import { type CountedHold, type FlowListener, type Settled, type Ticket, UNLOCKED } from './ticket.js';
import type { WaitingRoom } from './waiting/waiting-room.js';

export interface SettlingParts {
  readonly rotation: KeyRotation;
  readonly slots: Slots;
  readonly waiting: WaitingRoom;
  readonly listener: FlowListener;
  /** Undefined where addresses are not counted. */
  readonly addresses: AddressWatch | undefined;
}

/** What became of the slots of one attempt. */
interface Given {
  readonly counted: readonly CountedHold[];
  /** The longest lock that holds now. */
  readonly lock: Refusal | null;
  /** Why the verdict must not be told: it came too late, or the store has not heard of it. */
  readonly untold: Refusal | null;
}

/** What became of one of them; an error where no store has heard of it. */
type Told = SettleReply | LockoutStoreError;

/** A verdict that the store may hear of when the attempt is over long since. */
interface LateVerdict {
  readonly hold: Hold;
  readonly attempt: Attempt;
  /** The store that stands in has locked with it, and everybody was told. */
  isBlockTold: boolean;
}

export class Settling {
  readonly #options: ResolvedOptions;
  readonly #parts: SettlingParts;
  readonly #pending = new PendingSettles();

  constructor(options: ResolvedOptions, parts: SettlingParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /**
   * @param forgives - false for a success that is only half a login: it is told as one, but no failure is forgotten
   * @returns the refusal to answer with when this failure locked a subject, or when the verdict must not be told
   */
  settle(ticket: Ticket, verdict: Verdict, forgives: boolean): Awaitable<Settled> {
    const { attempt, holds, memory } = ticket;
    this.#leave(ticket);
    for (const { subject } of holds) this.#pace(subject, attempt, verdict);
    const given = verdict === 'success' && !forgives ? 'release' : verdict;
    return chain(this.#settleAll(ticket, given), (settled) => this.#conclude(attempt, memory, verdict, holds, settled));
  }

  /** For an attempt that another guard refuses, and one that makes way for others: its address need not pause. */
  giveBack(ticket: Ticket): Awaitable<void> {
    this.#leave(ticket);
    return chain(this.#settleAll(ticket, 'release'), (settled) => {
      this.#letGoOn(ticket.holds, settled);
    });
  }

  #settleAll({ attempt, holds, memory }: Ticket, verdict: Verdict): Awaitable<readonly Told[]> {
    const kept = toKept(attempt);
    const settle = (hold: Hold) => {
      const late = { hold, attempt: kept, isBlockTold: false };
      return this.#settleOn(late, this.#verdictFor(hold, verdict, memory), attempt);
    };
    return all(this.#parts.rotation.isUnderWay ? oldestFirst(holds, settle) : holds.map(settle));
  }

  /** Tells the store once more of what it has not heard. */
  close(): Promise<void> {
    return this.#pending.close();
  }

  #settleOn(late: LateVerdict, verdict: Verdict, attempt: Attempt): Awaitable<Told> {
    const { hold } = late;
    const marksFor = (of: Hold) => (verdict === 'release' ? undefined : this.#marksOf(attempt, of));
    return chain(this.#tellStore(late, verdict, marksFor(hold)), (reply) => {
      if (!(reply instanceof LockoutStoreError)) return reply;
      return chain(this.#parts.slots.settleElsewhere(hold, verdict, marksFor), (instead) => {
        if (instead === null || instead instanceof LockoutStoreError) return reply;
        late.isBlockTold = instead.didLock;
        return instead;
      });
    });
  }

  /** A method of its own, so that what it keeps in mind holds nothing of the request. */
  #tellStore(late: LateVerdict, verdict: Verdict, marks: Marks | undefined): Awaitable<Told> {
    const told = this.#pending.tell(
      (listener) => this.#parts.slots.settle(late.hold, verdict, marks, listener),
      (reply) => void chain(this.#toNews(late.hold, reply), (news) => this.#onHeard(late, news)),
    );
    return chain(
      told,
      (reply): Awaitable<Told> => (reply instanceof LockoutStoreError ? reply : this.#toNews(late.hold, reply)),
    );
  }

  /** A lock is told of once, however many records of its subject have reached it. */
  #toNews({ subject, store }: Hold, reply: SettleReply): Awaitable<SettleReply> {
    const { rotation } = this.#parts;
    if (!reply.didLock || !rotation.isUnderWay) return reply;
    return chain(rotation.isToldOf(subject, store), (isTold) => (isTold ? { ...reply, didLock: false } : reply));
  }

  /** The store has heard of a verdict that it missed before. */
  #onHeard({ hold: { subject }, attempt, isBlockTold }: LateVerdict, reply: SettleReply): void {
    const { listener, waiting } = this.#parts;
    if (!reply.lock) {
      waiting.wake(subject.key, reply.freeSlots);
      return;
    }
    waiting.refuseAll(subject.key, reply.lock);
    if (reply.didLock && !isBlockTold) listener.onBlocked(subject, reply.lock, attempt);
  }

  #leave({ attempt, holds }: Ticket): void {
    const { pacing } = this.#parts.waiting;
    if (!pacing.isIdle) for (const { subject } of holds) pacing.leave(subject.key, attempt.ip, attempt);
  }

  /** Only at its name: at its address a pause would be everybody's there. */
  #pace({ parts, key }: Subject, { ip }: Attempt, verdict: Verdict): void {
    if (parts['username'] === undefined) return;
    const { pacing } = this.#parts.waiting;
    if (verdict === 'release') pacing.slowDown(key, ip);
    else pacing.clear(key, ip);
  }

  #marksOf(attempt: Attempt, { subject }: Hold): Marks {
    return { source: sourceOf(attempt, subject, this.#parts.rotation.keysOf(subject)) };
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
    replies: readonly Told[],
  ): Awaitable<Settled> {
    const { listener, addresses } = this.#parts;
    const { enforces } = this.#options;
    const { counted, lock, untold } = this.#letGoOn(holds, replies);
    if (verdict === 'failure' && addresses?.meetsRule(attempt)) listener.onFinding(ONE_PRIVATE_ADDRESS);
    const told = this.#tell(attempt, memory, verdict, { counted, lock, untold });
    for (const { subject, reply } of counted) {
      if (reply.lock && reply.didLock) listener.onBlocked(subject, reply.lock, attempt);
    }
    if (verdict === 'release' || !enforces) return chain(told, () => UNLOCKED);
    const refusal = untold ?? (verdict === 'failure' ? lock : null);
    if (refusal) memory.refuse(refusal);
    const attemptsLeft = verdict === 'failure' ? attemptsLeftOf(holds, replies) : null;
    return chain(told, () => ({ refusal, attemptsLeft }));
  }

  /** What waits for the slots goes on. */
  #letGoOn(holds: readonly Hold[], replies: readonly Told[]): Given {
    const { waiting } = this.#parts;
    const counted: CountedHold[] = [];
    let lock: Refusal | null = null;
    let untold: Refusal | null = null;
    for (const [index, hold] of holds.entries()) {
      const reply = replies[index] as Told;
      const { subject } = hold;
      if (reply instanceof LockoutStoreError) {
        if (this.#options.onStoreError !== 'allow') untold ??= storeUnavailable(reply);
        continue;
      }
      counted.push({ subject, reply });
      if (reply.isLate) untold = LATE;
      if (!reply.lock) {
        waiting.wake(subject.key, reply.freeSlots);
        continue;
      }
      waiting.refuseAll(subject.key, reply.lock);
      if (lock === null || reply.lock.remainingMs > lock.retryAfterMs) lock = lockedRefusal(subject, reply.lock);
    }
    return { counted: oncePerSubject(counted), lock, untold };
  }

  /** A failure that counts is a failure; a verdict that must not be told is a refusal. */
  #tell(attempt: Attempt, memory: GuessMemory, verdict: Verdict, { counted, untold }: Given): Awaitable<void> {
    const { listener } = this.#parts;
    const isUntold = untold !== null && this.#options.enforces && verdict !== 'release';
    if (isUntold && (verdict === 'success' || counted.length === 0)) return listener.onRefused(attempt, untold);
    const wasTold = verdict === 'failure' && memory.hasFailed;
    if (verdict === 'failure') memory.hasFailed = true;
    return wasTold ? undefined : listener.onSettled(attempt, verdict, counted);
  }
}

/** The holds of one subject one after the other, that under the oldest secret first; in the order of the holds again. */
function oldestFirst<T>(holds: readonly Hold[], settle: (hold: Hold) => Awaitable<T>): readonly Awaitable<T>[] {
  const before = new Map<string, Awaitable<T>>();
  const inTurn = holds.toReversed().map((hold) => {
    const { dimension } = hold.subject;
    const settled = chain(before.get(dimension), () => settle(hold));
    before.set(dimension, settled);
    return settled;
  });
  return inTurn.toReversed();
}

/** A subject has a record for each secret; it is told of by the one that locked, else by the one that knows of most failures. */
function oncePerSubject(counted: readonly CountedHold[]): readonly CountedHold[] {
  const told = new Map<string, CountedHold>();
  for (const hold of counted) {
    const other = told.get(hold.subject.dimension);
    if (!other || isMoreTelling(hold, other)) told.set(hold.subject.dimension, hold);
  }
  return told.size === counted.length ? counted : [...told.values()];
}

function isMoreTelling({ reply }: CountedHold, { reply: other }: CountedHold): boolean {
  return reply.didLock === other.didLock ? reply.failures > other.failures : reply.didLock;
}

function attemptsLeftOf(holds: readonly Hold[], replies: readonly Told[]): number | null {
  let fewest: number | null = null;
  for (const [index, { policy }] of holds.entries()) {
    const reply = replies[index] as Told;
    if (reply instanceof LockoutStoreError) continue;
    const left = reply.lock ? 0 : failuresUntilLock(reply, policy);
    fewest = fewest === null ? left : Math.min(fewest, left);
  }
  return fewest;
}
