/** Why an attempt may not be verified, and how that is told. */
import type { LockoutStoreError, RefusalCode } from '../errors.js';
import type { MessageCatalogue } from '../messages/catalogue.js';
import type { LockedInfo, LockedPage } from '../options/answer-types.js';
import type { LockReport } from '../policy/replies.js';
import type { LockCause } from '../policy/state.js';
import type { Subject } from '../subject/key.js';
import { toIsoSeconds, toRetryAfterSeconds } from '../util/durations.js';

export type RefusalReason = 'locked' | 'busy' | 'denied' | 'store_error' | 'late';

export interface Refusal {
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly subject: Subject | undefined;
  /** What locked; null where nothing did. */
  readonly cause: LockCause | null;
  /** Index of the tier that locked; null where no tier did. */
  readonly tier: number | null;
  /** How many failures there are; null where none were counted. */
  readonly failures: number | null;
  /** The threshold of the tier, or of the hard stop; null where neither locked. */
  readonly limit: number | null;
  /** `Infinity` when there is no time after which a retry makes sense. */
  readonly retryAfterMs: number;
  /** How the store failed; for the application alone. */
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

/** By what the lock says of itself: it may be that of another process, or of another attempt, with a ladder of its own. */
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

/** A verdict that came after its lease: nobody is told whether it was right. */
export const LATE: Refusal = { ...UNCOUNTED, reason: 'late', subject: undefined, retryAfterMs: BUSY_RETRY_MS };

interface WithMessages {
  readonly messages: MessageCatalogue;
}

/** What the client and custom callbacks are told, in the client's language. As a string it is the message, as views print it. */
export function toLockedInfo(refusal: Refusal, locale: string, { messages }: WithMessages): LockedInfo {
  const retryAfter = toRetryAfterSeconds(refusal.retryAfterMs);
  const message = messageOf(refusal.reason, retryAfter, { messages, locale });
  const info = { code: CODES[refusal.reason], message, dimension: refusal.subject?.dimension, retryAfter };
  // Hidden: applications send this to their clients as it is.
  if (refusal.error) Object.defineProperty(info, 'cause', { value: refusal.error });
  return Object.defineProperty(info, 'toString', { value: () => message });
}

/** The same, and what a page may say besides. */
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

/** A failing store or a slow verify is no fault of the client: 503 (RFC 9110, section 15.6.4), whatever a lock answers. */
export function toHttpStatus({ reason }: Refusal, options: { readonly lockedStatus: number }): number {
  return isUnavailable(reason) ? UNAVAILABLE_STATUS : options.lockedStatus;
}

function isUnavailable(reason: RefusalReason): boolean {
  return reason === 'store_error' || reason === 'late';
}
