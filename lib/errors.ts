/**
 * One base error; `code` is stable. Every code is listed here once: docs/errors.md and docs/checks.md are compared with these
 * lists. Messages never contain a password, a token or a username.
 */
import { type ToldCause, toldCauseOf } from './util/causes.js';

const CONFIG_ERROR_CODES = [
  'ERR_LOCKOUT_OPTION_UNKNOWN',
  'ERR_LOCKOUT_OPTION_INVALID',
  'ERR_LOCKOUT_STRATEGY_INVALID',
  'ERR_LOCKOUT_STRATEGY_OPAQUE',
  'ERR_LOCKOUT_STRATEGY_SHARED',
  'ERR_LOCKOUT_STRATEGY_PRIVATE',
  'ERR_LOCKOUT_SUBJECT_INVALID',
] as const;

/** The codes that a refused client receives. */
export const REFUSAL_CODES = [
  'ERR_LOCKOUT_LOCKED',
  'ERR_LOCKOUT_BUSY',
  'ERR_LOCKOUT_DENIED',
  'ERR_LOCKOUT_LATE',
  'ERR_LOCKOUT_STORE_UNAVAILABLE',
] as const;

const STORE_ERROR_CODES = ['ERR_LOCKOUT_STORE_FAILED', 'ERR_LOCKOUT_STORE_FULL', 'ERR_LOCKOUT_STORE_TIMEOUT'] as const;

export const ERROR_CODES = [...CONFIG_ERROR_CODES, ...REFUSAL_CODES, ...STORE_ERROR_CODES] as const;

export const WARNING_CODES = [
  'WARN_LOCKOUT_MEMORY_STORE',
  'WARN_LOCKOUT_MEMORY_STORE_CLUSTER',
  'WARN_LOCKOUT_LOG_SERVERLESS',
  'WARN_LOCKOUT_DISABLED',
  'WARN_LOCKOUT_MONITOR_MODE',
  'WARN_LOCKOUT_NOTHING_COUNTED',
  'WARN_LOCKOUT_IP_NOT_COUNTED',
  'WARN_LOCKOUT_TIER_UNREACHABLE',
  'WARN_LOCKOUT_TIERS_SHRINK',
  'WARN_LOCKOUT_SHARED_FOREVER',
  'WARN_LOCKOUT_OPTION_UNUSED',
  'WARN_LOCKOUT_USERNAME_UNKNOWN',
  'WARN_LOCKOUT_ONLY_ERRORS',
  'WARN_LOCKOUT_VERIFY_BYPASSED',
  'WARN_LOCKOUT_NEVER_ENDED',
  'WARN_LOCKOUT_REFUSAL_UNANSWERED',
  'WARN_LOCKOUT_RESPONSE_MISSING',
  'WARN_LOCKOUT_MEMORY_FULL',
  'WARN_LOCKOUT_NO_SECRET',
  'WARN_LOCKOUT_DEVICE_COOKIE_LOST',
  'WARN_LOCKOUT_DEVICE_COOKIE_UNSET',
  'WARN_LOCKOUT_DEVICE_COOKIE_INSECURE',
  'WARN_LOCKOUT_IP_MISSING',
  'WARN_LOCKOUT_ONE_PRIVATE_ADDRESS',
  'WARN_LOCKOUT_FORWARDED_FOR_IGNORED',
  'WARN_LOCKOUT_EVERY_PROXY_TRUSTED',
  'WARN_LOCKOUT_COLLECTION_FOREIGN',
  'WARN_LOCKOUT_INDEX_MISSING',
  'WARN_LOCKOUT_INDEX_REMOVES',
  'WARN_LOCKOUT_STORE_UNWRITABLE',
  'WARN_LOCKOUT_STORE_EVICTS',
  'WARN_LOCKOUT_STORE_NEARLY_FULL',
  'WARN_LOCKOUT_STORE_FORGETS',
  'WARN_LOCKOUT_CHECK_INCOMPLETE',
  'WARN_LOCKOUT_SOURCE_KEY_MISSING',
  'WARN_LOCKOUT_CLOCK_SKEW',
  'WARN_LOCKOUT_STORE_FAILED',
  'WARN_LOCKOUT_LOG_LOST',
  'WARN_LOCKOUT_ACTIVITY_LOST',
  'WARN_LOCKOUT_LISTENER_FAILED',
  'WARN_LOCKOUT_ADMIN_FAILED',
] as const;

type ConfigErrorCode = (typeof CONFIG_ERROR_CODES)[number];
export type RefusalCode = (typeof REFUSAL_CODES)[number];
type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

/** The code of an error or of a refusal. Each is explained in docs/errors.md. */
export type LockoutErrorCode = (typeof ERROR_CODES)[number];

/** The code of a warning or of a finding of `check()`. Each is explained in docs/checks.md. */
export type LockoutWarningCode = (typeof WARNING_CODES)[number];

/** The page, shipped with the package, that explains errors. */
const ERRORS_HELP = 'passport-lockout/docs/errors.md';

/** Returns where a warning is explained: a page shipped with the package, and its heading. */
export function warningHelp(code: LockoutWarningCode): string {
  return `passport-lockout/docs/checks.md#${code.toLowerCase()}`;
}

/** What all errors of the package extend; `code` says which it is. */
export class LockoutError extends Error {
  /** Stable; each is explained in docs/errors.md. */
  readonly code: LockoutErrorCode;

  /** Creates an error with a stable code; `cause` is the error that led to it. */
  constructor(code: LockoutErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'LockoutError';
    this.code = code;
  }

  /** Returns the error with its message, which JSON leaves out of errors. */
  toJSON(): object {
    const { name, code, message } = this;
    return { ...this, name, code, message };
  }
}

/** The library is used incorrectly. Thrown when a lockout is constructed or a strategy wrapped, so that the start fails rather than a login. */
export class LockoutConfigError extends LockoutError {
  /** Which mistake it is; each is explained in docs/errors.md. */
  declare readonly code: ConfigErrorCode;
  /** The file of this package that explains the code; logs show it. */
  readonly help = ERRORS_HELP;

  /** Creates an error; the message says which option or argument is wrong, what was expected and what was given. */
  constructor(code: ConfigErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = 'LockoutConfigError';
  }
}

/** The store failed or did not answer in time; `cause` says how. */
export class LockoutStoreError extends LockoutError {
  /** How the store failed; each is explained in docs/errors.md. */
  declare readonly code: StoreErrorCode;
  /** The file of this package that explains the code; logs show it. */
  readonly help = ERRORS_HELP;

  /** Creates an error; `cause` is the error of the store. */
  constructor(code: StoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(code, message, options);
    this.name = 'LockoutStoreError';
  }

  /** Adds the chain of causes: each string short, on one line and without the credentials of a URL. */
  override toJSON(): object {
    const cause: ToldCause | undefined = toldCauseOf(this);
    return { ...super.toJSON(), ...(cause && { cause }) };
  }
}

/**
 * An attempt was refused: the error that `onLocked: 'error'` passes on. Express, Koa and Nest answer with its `status`. If the
 * store failed, `cause` says how, for your log and not for the client.
 */
export class LockoutRefusedError extends LockoutError {
  /** Why the attempt was refused; each is explained in docs/errors.md. */
  declare readonly code: RefusalCode;
  /** The HTTP status: `lockedStatus` (429 by default), or 503 if the store failed or the verdict came late. */
  readonly status: number;
  /** The same as `status`, under the name that other frameworks read. */
  readonly statusCode: number;
  /** The message may be shown to the client. */
  readonly expose = true;
  /** The dimension that refused; undefined for a list or a failing store. */
  readonly dimension: string | undefined;
  /** Whole seconds until a retry makes sense; null if the subject is locked until reset. */
  readonly retryAfter: number | null;
  /** Headers that Express, Koa and Fastify set when they answer the error; Koa drops those set before. */
  readonly headers: Readonly<Record<string, string>>;

  /** Creates an error; the message is what the client may read. */
  constructor(
    code: RefusalCode,
    message: string,
    refused: {
      /** The HTTP status. */
      readonly status: number;
      /** The dimension that refused; undefined for a list or a failing store. */
      readonly dimension: string | undefined;
      /** Whole seconds until a retry makes sense; null if there is no such time. */
      readonly retryAfter: number | null;
      /** Headers of the answer, such as `Retry-After`. */
      readonly headers?: Readonly<Record<string, string>>;
      /** How the store failed; undefined if the refusal has another reason. */
      readonly cause?: LockoutStoreError | undefined;
    },
  ) {
    super(code, message, refused.cause && { cause: refused.cause });
    this.name = 'LockoutRefusedError';
    this.status = refused.status;
    this.statusCode = refused.status;
    this.dimension = refused.dimension;
    this.retryAfter = refused.retryAfter;
    this.headers = refused.headers ?? {};
  }
}
