/** Why an attempt may not be verified, and how that is told. */
import type { RefusalReason } from '../events.js';
import type { LockedInfo } from '../options/types.js';
import { toRetryAfterSeconds } from '../policy/durations.js';
import type { LockReport } from '../stores/store.js';
import type { Subject } from '../subject/key.js';

export interface Refusal {
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly subject: Subject | undefined;
  /** Index of the tier that locked; null where no tier did. */
  readonly tier: number | null;
  /** `Infinity` when there is no time after which a retry makes sense. */
  readonly retryAfterMs: number;
}

const BUSY_RETRY_MS = 1_000;
const STORE_UNAVAILABLE_STATUS = 503;
const STORE_UNAVAILABLE_MESSAGE = 'Logins are not possible at the moment. Please try again later.';
const CODES: Readonly<Record<RefusalReason, string>> = {
  locked: 'ERR_LOCKOUT_LOCKED',
  busy: 'ERR_LOCKOUT_BUSY',
  denied: 'ERR_LOCKOUT_DENIED',
  store_error: 'ERR_LOCKOUT_STORE_UNAVAILABLE',
};

export function lockedRefusal(subject: Subject, lock: LockReport): Refusal {
  return { reason: 'locked', subject, tier: lock.tier, retryAfterMs: lock.remainingMs };
}

export function busyRefusal(subject: Subject): Refusal {
  return { reason: 'busy', subject, tier: null, retryAfterMs: BUSY_RETRY_MS };
}

export const DENIED: Refusal = {
  reason: 'denied',
  subject: undefined,
  tier: null,
  retryAfterMs: Number.POSITIVE_INFINITY,
};

export const STORE_UNAVAILABLE: Refusal = {
  reason: 'store_error',
  subject: undefined,
  tier: null,
  retryAfterMs: Number.POSITIVE_INFINITY,
};

/** What the client and custom callbacks are told. */
export function toLockedInfo(refusal: Refusal, options: { readonly lockedMessage: string }): LockedInfo {
  return {
    code: CODES[refusal.reason],
    message: refusal.reason === 'store_error' ? STORE_UNAVAILABLE_MESSAGE : options.lockedMessage,
    dimension: refusal.subject?.dimension,
    retryAfter: toRetryAfterSeconds(refusal.retryAfterMs),
  };
}

/** A failing store is no fault of the client: 503 (RFC 9110, section 15.6.4), whatever a lock answers. */
export function toHttpStatus(refusal: Refusal, options: { readonly lockedStatus: number }): number {
  return refusal.reason === 'store_error' ? STORE_UNAVAILABLE_STATUS : options.lockedStatus;
}
