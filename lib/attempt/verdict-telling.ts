/** Reports a verdict to the stores: each slot of the attempt is given back with it, at once or once the store responds again. */
import type { KeyObject } from 'node:crypto';
import { LockoutStoreError } from '../errors.js';
import type { SettleReply } from '../policy/replies.js';
import type { Marks, Verdict } from '../policy/state.js';
import { type Attempt, toKept } from '../subject/attempt.js';
import { type Awaitable, all, chain } from '../util/awaitable.js';
import { digesterOf, remembersGuesses } from './guess-digest.js';
import type { KeyRotation } from './key-rotation.js';
import { PendingSettles } from './pending-settles.js';
import type { VerdictListener } from './slot-calls.js';
import type { HeldVerdict, Hold, Slots } from './slots.js';
import { sourceOf } from './source.js';
import type { Ticket } from './ticket.js';

/** Kept until the store has recorded it, possibly long after the attempt; so without the request. */
export interface ToldVerdict extends HeldVerdict {
  readonly attempt: Attempt;
  /** The store's reply; null until a store has recorded it. */
  reply: SettleReply | null;
  /** Why the store did not record it. */
  error: LockoutStoreError | null;
  /** Whether the fallback locked with it, and the lock was reported. */
  isBlockTold: boolean;
  isHeard: boolean;
  isUnderWay: boolean;
}

export interface TellingParts {
  readonly rotation: KeyRotation;
  readonly slots: Slots;
}

export class VerdictTelling {
  readonly #parts: TellingParts;
  readonly #pending: PendingSettles<ToldVerdict>;
  readonly #guessKey: KeyObject | undefined;

  /**
   * @param guessKey - makes the digests of guesses; undefined if each guess counts
   * @param onHeard - called when the store has taken a verdict that it missed before
   */
  constructor(
    guessKey: KeyObject | undefined,
    parts: TellingParts,
    onHeard: (told: ToldVerdict, reply: SettleReply) => void,
  ) {
    const { slots } = parts;
    this.#guessKey = guessKey;
    this.#parts = parts;
    this.#pending = new PendingSettles({
      settle: (told) =>
        chain(
          slots.settleAll([told], this.#listenerFor([told])),
          ([answer]) => answer as SettleReply | LockoutStoreError,
        ),
      onHeard: (told, reply) => void chain(this.#toNews(told.hold, reply), (news) => onHeard(told, news)),
    });
  }

  /** Reports the verdict for all slots of an attempt. */
  tell(ticket: Ticket, verdict: Verdict): Awaitable<readonly ToldVerdict[]> {
    const { holds } = ticket;
    const toVerdicts = (some: readonly Hold[], marksOf: (hold: Hold) => Marks | undefined) =>
      this.#toVerdicts({ ...ticket, holds: some }, verdict, marksOf);
    const digest = verdict === 'failure' && this.#guessKey ? digesterOf(this.#guessKey, ticket) : undefined;
    const names = digest ? holds.filter(remembersGuesses) : [];
    if (!digest || names.length === 0) {
      const verdicts = this.#toVerdicts(ticket, verdict, undefined);
      return this.#parts.rotation.isUnderWay ? this.#tellOldestFirst(verdicts) : this.#tellAll(verdicts);
    }
    // Whether it is a repeat is known where guesses are remembered; only then do the others count it, or not.
    const first = toVerdicts(names, (hold) => ({ guess: digest(hold) }));
    return chain(this.#tellRound(first), () => {
      const isRepeat = first.every(({ reply }) => reply?.isRepeat);
      const others = holds.filter((hold) => !names.includes(hold));
      const rest = toVerdicts(others, () => (isRepeat ? { isRepeat } : undefined));
      return chain(this.#tellRound(rest), () => [...first, ...rest]);
    });
  }

  #toVerdicts(
    { attempt, holds, memory }: Ticket,
    verdict: Verdict,
    marksOf: ((hold: Hold) => Marks | undefined) | undefined,
  ): readonly ToldVerdict[] {
    const kept = toKept(attempt);
    const verdicts: ToldVerdict[] = [];
    for (const hold of holds) {
      // A guess that two strategies try counts once.
      const own = verdict === 'failure' && !memory.countOn(hold.subject.key) ? 'release' : verdict;
      const marks = own === 'release' ? undefined : { source: sourceOf(attempt, hold), ...marksOf?.(hold) };
      // Member by member: it is done at each login, and a copy would cost more than all else.
      verdicts.push({
        hold,
        verdict: own,
        marks,
        attempt: kept,
        reply: null,
        error: null,
        isBlockTold: false,
        isHeard: false,
        isUnderWay: false,
      });
    }
    return verdicts;
  }

  #tellRound(verdicts: readonly ToldVerdict[]): Awaitable<readonly ToldVerdict[]> {
    return this.#parts.rotation.isUnderWay ? this.#tellOldestFirst(verdicts) : this.#tellAll(verdicts);
  }

  /** Reports once more what the stores have missed. */
  close(): Promise<void> {
    return this.#pending.close();
  }

  #tellOldestFirst(verdicts: readonly ToldVerdict[]): Awaitable<readonly ToldVerdict[]> {
    let told: Awaitable<readonly ToldVerdict[]> = [];
    for (const round of this.#parts.rotation.oldestFirst(verdicts)) told = chain(told, () => this.#tellAll(round));
    return chain(told, () => verdicts);
  }

  /** A separate method, so that what is kept holds no reference to the request. */
  #tellAll(verdicts: readonly ToldVerdict[]): Awaitable<readonly ToldVerdict[]> {
    const { slots, rotation } = this.#parts;
    return chain(slots.settleAll(verdicts, this.#listenerFor(verdicts)), (answers) => {
      let hasFailed = false;
      for (const [index, told] of verdicts.entries()) {
        const answer = answers[index] as SettleReply | LockoutStoreError;
        if (answer instanceof LockoutStoreError) {
          told.error = answer;
          hasFailed = true;
        } else told.reply = answer;
      }
      if (!rotation.isUnderWay && !hasFailed) return verdicts;
      return chain(all(verdicts.map((told) => this.#follow(told))), () => verdicts);
    });
  }

  #listenerFor(verdicts: readonly ToldVerdict[]): VerdictListener {
    return {
      onAsked: (index, answer) => this.#pending.onAsked(verdicts[index] as ToldVerdict, answer),
      onLate: (index, reply) => this.#pending.onLate(verdicts[index] as ToldVerdict, reply),
    };
  }

  /** Handles a verdict that was not recorded, or a lock that was reported already. */
  #follow(told: ToldVerdict): Awaitable<void> {
    if (told.reply) {
      return chain(this.#toNews(told.hold, told.reply), (news) => {
        told.reply = news;
      });
    }
    this.#pending.add(told);
    return chain(this.#parts.slots.settleElsewhere(told), (instead) => {
      told.reply = instead;
      told.isBlockTold = instead?.didLock === true;
    });
  }

  /** Reports a lock once, however many records of its subject have reached it. */
  #toNews({ subject, store }: Hold, reply: SettleReply): Awaitable<SettleReply> {
    const { rotation } = this.#parts;
    if (!reply.didLock || !rotation.isUnderWay) return reply;
    return chain(rotation.isToldOf(subject, store), (isTold) => (isTold ? { ...reply, didLock: false } : reply));
  }
}
