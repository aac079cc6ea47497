/** What an attempt holds while it is verified, and its result. */
import type { Found } from '../checks/finding.js';
import type { LockReport, SettleReply } from '../policy/replies.js';
import type { Policy, Verdict } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import type { GuessMemory } from './guess-memory.js';
import type { Refusal } from './refusal.js';
import type { Hold } from './slots.js';

/** Permission to verify one attempt; must be settled exactly once. */
export interface Ticket {
  readonly attempt: Attempt;
  readonly holds: readonly Hold[];
  readonly memory: GuessMemory;
  /** Monotonic. */
  readonly openedAt: number;
}

export type Admission = Ticket | Refusal;

/** The result of a verdict. */
export interface Settled {
  /** The refusal to answer with if this failure locked a subject; else null. */
  readonly refusal: Refusal | null;
  /** After a failure: how many more until the nearest lock. Null if nothing was counted, or if it must not be disclosed. */
  readonly attemptsLeft: number | null;
}

export const UNLOCKED: Settled = { refusal: null, attemptsLeft: null };

export function isRefusal(admission: Admission): admission is Refusal {
  return 'reason' in admission;
}

/** A subject after a verdict was counted on it. */
export interface CountedHold {
  readonly subject: Subject;
  /** The policy that the verdict was counted by. */
  readonly policy: Policy;
  readonly reply: SettleReply;
}

/** Events of the attempt flow; a returned promise is awaited before the attempt is answered. */
export interface FlowListener {
  onSettled(attempt: Attempt, verdict: Verdict, counted: readonly CountedHold[]): Awaitable<void>;
  /** @param isFirstToday - whether it is the first lock of the subject within 24 hours */
  onBlocked(subject: Subject, lock: LockReport, attempt: Attempt, isFirstToday: boolean): void;
  onRefused(attempt: Attempt, refusal: Refusal): Awaitable<void>;
  /** Called when the addresses seen are unlikely to be those of the clients; may be called more than once. */
  onFinding(finding: Found): void;
}
