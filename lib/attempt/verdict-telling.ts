/** Passes a verdict to the stores: each slot of the attempt is given back with it, now or when the store is back. */
import { LockoutStoreError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { SettleReply } from '../policy/replies.js';
import type { Marks, Verdict } from '../policy/state.js';
import { type Attempt, toKept } from '../subject/attempt.js';
import { type Awaitable, all, chain } from '../util/awaitable.js';
import { digesterOf, remembersGuesses } from './guess-digest.js';
import type { KeyRotation } from './key-rotation.js';
import { PendingSettles } from './pending-settles.js';
import type { HeldVerdict, Hold, Slots } from './slots.js';
import { sourceOf } from './source.js';
import type { Ticket } from './ticket.js';

/** Kept until the store has recorded it, possibly long after the attempt is over. */
export interface ToldVerdict extends HeldVerdict {
  marks: Marks | undefined;
  /** Without the request once the store has failed to record it. */
  attempt: Attempt;
  /** The reply; null until a store has recorded the verdict. */
  reply: SettleReply | null;
  /** How the store failed to record it. */
  error: LockoutStoreError | null;
  /** Whether it is certain that the client does not learn the verdict: neither store has recorded it. */
  isUntold: boolean;
  /** Whether the fallback store locked because of it, and the lock was already reported. */
  isBlockTold: boolean;
  isHeard: boolean;
  isUnderWay: boolean;
  mayBeSettled: boolean;
}

export interface TellingParts {
  readonly rotation: KeyRotation;
  readonly slots: Slots;
}

/** Without `guessKey`, each guess counts. */
type TellingOptions = Pick<ResolvedOptions, 'guessKey' | 'onStoreError' | 'enforces'>;

export class VerdictTelling {
  readonly #parts: TellingParts;
  readonly #pending: PendingSettles<ToldVerdict>;
  readonly #options: TellingOptions;

  /**
   * @param onHeard - called when the store has recorded a verdict that it missed before
   */
  constructor(options: TellingOptions, parts: TellingParts, onHeard: (told: ToldVerdict, reply: SettleReply) => void) {
    const { slots } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#pending = new PendingSettles({
      settle: (told) => {
        if (told.marks) {
          const { verdict, hold, isUntold } = told;
          const mayBeSettled = verdict === 'failure' && this.#mayBeSettled(hold, isUntold, told.mayBeSettled);
          told.marks = { ...told.marks, mayBeSettled };
        }
        return chain(slots.settleAll([told], this.#pending), ([answer]) => answer as SettleReply | LockoutStoreError);
      },
      onHeard: (told, reply) => void chain(this.#toNews(told.hold, reply), (news) => onHeard(told, news)),
    });
  }

  /** Passes the verdict on all slots of an attempt to the stores. */
  tell(ticket: Ticket, verdict: Verdict): Awaitable<readonly ToldVerdict[]> {
    const { guessKey } = this.#options;
    const digest = verdict === 'failure' && guessKey ? digesterOf(guessKey, ticket) : undefined;
    const verdicts = this.#toVerdicts(ticket, verdict, digest);
    return this.#parts.rotation.isUnderWay ? this.#tellOldestFirst(verdicts) : this.#tellAll(verdicts);
  }

  #toVerdicts(
    { attempt, holds, memory }: Ticket,
    verdict: Verdict,
    digest: ((hold: Hold) => string) | undefined,
  ): readonly ToldVerdict[] {
    const verdicts: ToldVerdict[] = [];
    for (const hold of holds) {
      // A guess tried by two strategies counts once.
      const own = verdict === 'failure' && !memory.countOn(hold.subject.key) ? 'release' : verdict;
      let marks: Marks | undefined;
      if (own === 'success') marks = { source: sourceOf(attempt, hold) };
      else if (own === 'failure') {
        const source = sourceOf(attempt, hold);
        const mayBeSettled = this.#mayBeSettled(hold, false, false);
        marks = digest ? guessMarks({ source, mayBeSettled }, hold, digest) : { source, mayBeSettled };
      }
      // Listed property by property: this runs at each login, and a spread would cost more than everything else.
      verdicts.push({
        hold,
        verdict: own,
        marks,
        attempt,
        reply: null,
        error: null,
        isUntold: false,
        isBlockTold: false,
        isHeard: false,
        isUnderWay: false,
        mayBeSettled: false,
      });
    }
    return verdicts;
  }

  /** Retries the verdicts that the stores have not recorded. */
  close(): Promise<void> {
    return this.#pending.close();
  }

  #tellOldestFirst(verdicts: readonly ToldVerdict[]): Awaitable<readonly ToldVerdict[]> {
    let told: Awaitable<readonly ToldVerdict[]> = [];
    for (const round of this.#parts.rotation.oldestFirst(verdicts)) told = chain(told, () => this.#tellAll(round));
    return chain(told, () => verdicts);
  }

  /** A separate method, so that pending verdicts keep no reference to the request. */
  #tellAll(verdicts: readonly ToldVerdict[]): Awaitable<readonly ToldVerdict[]> {
    const { slots, rotation } = this.#parts;
    return chain(slots.settleAll(verdicts, this.#pending), (answers) => {
      let hasFailed = false;
      for (let index = 0; index < verdicts.length; index += 1) {
        const told = verdicts[index] as ToldVerdict;
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

  /** Queues an unrecorded verdict for retry and tries the fallback; marks locks that were already reported. */
  #follow(told: ToldVerdict): Awaitable<void> {
    if (told.reply) {
      return chain(this.#toNews(told.hold, told.reply), (news) => {
        told.reply = news;
      });
    }
    told.attempt = toKept(told.attempt);
    this.#pending.add(told);
    return chain(this.#parts.slots.settleElsewhere(told), (instead) => {
      told.reply = instead;
      told.isUntold = instead === null;
      told.isBlockTold = instead?.didLock === true;
    });
  }

  /**
   * Whether a failure whose lease is gone by the time that the store gets it was settled before. So it is if an earlier call may have
   * done it; and if it is passed in time, for some clients of databases send again by themselves what was not answered.
   */
  #mayBeSettled(hold: Hold, isUntold: boolean, wasPassed: boolean): boolean {
    return !this.#mayBeDisclosed(isUntold) && (wasPassed || isInTime(hold));
  }

  /** Whether the client may learn a verdict that the store has not recorded: then it is counted twice rather than not at all. */
  #mayBeDisclosed(isUntold: boolean): boolean {
    const { onStoreError, enforces } = this.#options;
    if (!enforces || onStoreError === 'allow') return true;
    return onStoreError !== 'deny' && !isUntold;
  }

  /** Reports a lock once, however many records of its subject have reached it. */
  #toNews({ subject, store }: Hold, reply: SettleReply): Awaitable<SettleReply> {
    const { rotation } = this.#parts;
    if (!reply.didLock || !rotation.isUnderWay) return reply;
    return chain(rotation.isToldOf(subject, store), (isTold) => (isTold ? { ...reply, didLock: false } : reply));
  }
}

/** Whether the lease is certain to last now. In this process's memory nothing comes late, and nothing twice. */
function isInTime({ lease, policy, store: { store }, askedAt }: Hold): boolean {
  if (store.isLocal || lease.until <= 0) return false;
  return store.clock ? store.clock() < lease.until : performance.now() < askedAt + policy.leaseTimeoutMs;
}

/** The subjects that remember guesses decide whether it is a repeat; the others follow them. */
function guessMarks({ source, mayBeSettled }: Marks, hold: Hold, digest: (hold: Hold) => string): Marks {
  return remembersGuesses(hold)
    ? { source, mayBeSettled, guess: digest(hold) }
    : { source, mayBeSettled, followsGuess: true };
}
