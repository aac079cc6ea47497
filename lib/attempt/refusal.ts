/** Why an attempt may not be verified, and how clients are told. */
import type { LockoutStoreError, RefusalCode } from '../errors.js';
import type { MessageCatalogue } from '../messages/catalogue.js';
import type { LockedInfo, LockedPage } from '../options/answer-types.js';
import type { LockReport } from '../policy/replies.js';
import type { LockCause } from '../policy/state.js';
import type { Subject } from '../subject/key.js';
import { toIsoSeconds, toRetryAfterSeconds } from '../util/durations.js';

/**
 * Why an attempt was refused: a lock, no free slot within the wait, a list, a failing store, or a verdict that came too late.
 */
export type RefusalReason = 'locked' | 'busy' | 'denied' | 'store_error' | 'late';

export interface Refusal {
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly subject: Subject | undefined;
  /** What locked; null if nothing did. */
  readonly cause: LockCause | null;
  /** Index of the tier that locked; null if none did. */
  readonly tier: number | null;
  /** The number of failures; null if none were counted. */
  readonly failures: number | null;
  /** The threshold of the tier or the hard stop; null if neither locked. */
  readonly limit: number | null;
  /** `Infinity` if retrying later makes no sense. */
  readonly retryAfterMs: number;
  /** How the store failed; for the application only. */
  readonly error?: LockoutStoreError;
}

const UNCOUNTED = { cause: null, tier: null, failures: null, limit: null } as const;
const BUSY_RETRY_MS = 1_000;
const UNAVAILABLE_STATUS = 503;
const CODES: Readonly<Record<RefusalReason, RefusalCode>> = {
  locked: 'ERR_LOCKOUT_LOCKED',
  busy: 'ERR_LOCKOUT_BUSY',
  denied: 'ERR_LOCKOUT_DENIED',
  store_error: 'ERR_LOCKOUT_STORE_UNAVAILABLE',
  late: 'ERR_LOCKOUT_LATE',
};

/** Returns the refusal for a lock, from the lock's own data: another process or attempt, with another ladder, may have set it. */
export function lockedRefusal(subject: Subject, lock: LockReport): Refusal {
  const { cause, tier, limit, consecutiveFailures, remainingMs } = lock;
  const failures = cause === 'hardStop' ? consecutiveFailures : lock.failures;
  return { reason: 'locked', subject, cause, tier, failures, limit, retryAfterMs: remainingMs };
}

export function busyRefusal(subject: Subject): Refusal {
  return { ...UNCOUNTED, reason: 'busy', subject, retryAfterMs: BUSY_RETRY_MS };
}

export const DENIED: Refusal = {
  ...UNCOUNTED,
  reason: 'denied',
  subject: undefined,
  retryAfterMs: Number.POSITIVE_INFINITY,
};

export function storeUnavailable(error: LockoutStoreError): Refusal {
  return {
    ...UNCOUNTED,
    reason: 'store_error',
    subject: undefined,
    retryAfterMs: Number.POSITIVE_INFINITY,
    error,
  };
}

/** A verdict that came after its lease expired: whether the guess was right is not disclosed. */
export const LATE: Refusal = { ...UNCOUNTED, reason: 'late', subject: undefined, retryAfterMs: BUSY_RETRY_MS };

interface WithMessages {
  readonly messages: MessageCatalogue;
}

/** Returns what the client and callbacks receive, in the client's language. Its string form is the message, for use in views. */
export function toLockedInfo(refusal: Refusal, locale: string, { messages }: WithMessages): LockedInfo {
  const retryAfter = toRetryAfterSeconds(refusal.retryAfterMs);
  const message = messageOf(refusal.reason, retryAfter, { messages, locale });
  const info = { code: CODES[refusal.reason], message, dimension: refusal.subject?.dimension, retryAfter };
  // Not enumerable: applications send this object to clients as is.
  if (refusal.error) Object.defineProperty(info, 'cause', { value: refusal.error });
  return Object.defineProperty(info, 'toString', { value: () => message });
}

/** Returns the same, plus what a page may show. */
export function toLockedPage(
  refusal: Refusal,
  { username, locale }: { readonly username: string | undefined; readonly locale: string },
  options: WithMessages,
): LockedPage {
  const { failures, limit, retryAfterMs } = refusal;
  const info = toLockedInfo(refusal, locale, options);
  return { ...info, username, failures, limit, duration: toIsoSeconds(retryAfterMs), locale };
}

function messageOf(
  reason: RefusalReason,
  retryAfter: number | null,
  { messages, locale }: WithMessages & { readonly locale: string },
): string {
  if (isUnavailable(reason)) return messages.textsIn(locale).storeUnavailable;
  if (retryAfter !== null) return messages.lockedFor(retryAfter, locale);
  return messages.textsIn(locale)[reason === 'locked' ? 'lockedForever' : 'denied'];
}

/** Returns 503 (RFC 9110, section 15.6.4) for a failing store or slow verify, not the client's fault; else `lockedStatus`. */
export function toHttpStatus({ reason }: Refusal, options: { readonly lockedStatus: number }): number {
  return isUnavailable(reason) ? UNAVAILABLE_STATUS : options.lockedStatus;
}

function isUnavailable(reason: RefusalReason): boolean {
  return reason === 'store_error' || reason === 'late';
}
