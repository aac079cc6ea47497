/** Builds the payloads of events about attempts and locks. */

import type { Refusal } from '../attempt/refusal.js';
import type { CountedHold } from '../attempt/ticket.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { LockReport, SubjectRecord } from '../policy/replies.js';
import { type Attempt, toFacts } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';
import type { Subject } from '../subject/key.js';
import { toLuxon, toRetryAfterSeconds } from '../util/durations.js';
import type {
  AttemptEvent,
  AttemptRefusedEvent,
  BlockedEvent,
  IpBlockedEvent,
  SprayDetectedEvent,
  UsernameBlockedEvent,
} from './types.js';

interface Spray extends CountedHold {
  readonly usernames: number;
}

export function toSubjectFacts({ dimension, parts, key }: Subject | SubjectRecord): SubjectFacts {
  return { dimension, parts, key };
}

/** Returns when a lock ends, as a date and as the time left; null in both means "until reset". */
export function toLockFacts(lock: LockReport | null): Pick<BlockedEvent, 'lockedUntil' | 'remaining'> {
  if (!lock) return { lockedUntil: null, remaining: null };
  return { lockedUntil: toDate(lock.lockedUntil), remaining: toLuxon(lock.remainingMs) };
}

export function toAttemptEvent(attempt: Attempt, counted: readonly CountedHold[]): AttemptEvent {
  return {
    attempt: toFacts(attempt),
    subjects: counted.map((hold) => ({
      ...toSubjectFacts(hold.subject),
      failures: hold.reply.failures,
      limit: limitOf(hold),
    })),
  };
}

function limitOf({ reply, policy }: CountedHold): number | null {
  if (reply.lock) return reply.lock.limit;
  const limit = reply.failures + failuresUntilLock(reply, policy);
  return Number.isFinite(limit) ? limit : null;
}

/** @param spray - the hold whose failure made it a spray */
export function toSprayEvent(attempt: Attempt, { subject, reply, usernames }: Spray): SprayDetectedEvent {
  return { subject: toSubjectFacts(subject), usernames, failures: reply.failures, attempt: toFacts(attempt) };
}

export function toRefusedEvent(
  attempt: Attempt,
  { reason, subject, retryAfterMs }: Refusal,
  enforced: boolean,
): AttemptRefusedEvent {
  const refusedBy = subject && toSubjectFacts(subject);
  return { attempt: toFacts(attempt), reason, refusedBy, retryAfter: toRetryAfterSeconds(retryAfterMs), enforced };
}

export interface BlockedContext extends Pick<BlockedEvent, 'by' | 'enforced' | 'firstToday'> {
  /** The one that crossed the tier; null for an operator's block. */
  readonly attempt: Attempt | null;
}

export function toBlockedEvent(
  subject: Subject,
  lock: LockReport,
  { by, attempt, enforced, firstToday }: BlockedContext,
): BlockedEvent {
  return {
    ...toSubjectFacts(subject),
    ...toLockFacts(lock),
    cause: lock.cause,
    tier: lock.tier,
    limit: lock.limit,
    failures: lock.failures,
    places: lock.places,
    consecutiveFailures: lock.consecutiveFailures,
    reason: lock.reason,
    by,
    attempt: attempt && toFacts(attempt),
    enforced,
    firstToday,
  };
}

/** @param event - about a subject of the dimension `username` */
export function toUsernameBlockedEvent(event: BlockedEvent): UsernameBlockedEvent {
  return { username: event.parts['username'] as string, ...event };
}

/** @param event - about a subject of the dimension `ip` */
export function toIpBlockedEvent(event: BlockedEvent): IpBlockedEvent {
  return { ip: event.parts['ip'] as string, ...event };
}

/** The latest possible Date, in the year 275760; a lock beyond that is as good as one until reset. */
const LAST_DATE_MS = 8.64e15;

export function toDate(at: number | null): Date | null {
  return at === null || at > LAST_DATE_MS ? null : new Date(at);
}
