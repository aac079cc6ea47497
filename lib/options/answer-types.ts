/** The types with which an application shapes and reads the answer to a refused client. */
import type { LockoutStoreError, RefusalCode } from '../errors.js';
import type { LockoutRequest } from '../subject/attempt.js';

/** Why an attempt was refused, for custom callbacks and answers. */
export interface LockedInfo {
  /** Stable; each is explained in docs/errors.md. */
  readonly code: RefusalCode;
  /** In the client's language, with the time left. Also the string value of this info. */
  readonly message: string;
  /** The dimension that refused; undefined for a list or a failing store. */
  readonly dimension: string | undefined;
  /** Whole seconds until a retry makes sense; null when there is no such time. */
  readonly retryAfter: number | null;
  /**
   * Why the store failed; only with `ERR_LOCKOUT_STORE_UNAVAILABLE`. For the application's log, not for the client: it may name
   * hosts. Not enumerable, so that copies and JSON of this info do not contain it.
   */
  readonly cause?: LockoutStoreError;
}

/** The actions of an `onLocked` function: it must call exactly one of these, or end the response itself. */
export interface LockedActions {
  /** The HTTP status of the refusal: `lockedStatus`, or 503 if the store failed or the verdict came late. */
  readonly status: number;
  /** Refuses as a strategy does for a wrong password; Passport answers, redirects or calls back. */
  fail(challenge?: unknown, status?: number): void;
  /** Ends the attempt with an error, for the error handler of the application. */
  error(error: unknown): void;
  /** Redirects; 302 unless a status is given. */
  redirect(url: string, status?: number): void;
}

/** Answers a refused attempt by calling exactly one of the actions. */
export type OnLockedFunction = (info: LockedInfo, actions: LockedActions, req: LockoutRequest) => void;

/** Makes the value that `fail` receives for a refusal. */
export type InfoFunction = (locked: LockedInfo, req: LockoutRequest) => object | string;

/** What a page for a refused client can show. */
export interface LockedPage extends LockedInfo {
  /** The username in canonical spelling; undefined if unknown. */
  readonly username: string | undefined;
  /** How many failures were counted; null if none were. */
  readonly failures: number | null;
  /** The threshold that was reached; null if none was. */
  readonly limit: number | null;
  /** The time left as an ISO 8601 duration such as `PT14M59S`; null when there is no such time. */
  readonly duration: string | null;
  /** The language of `message` (BCP 47), for the attribute `lang` of the page. */
  readonly locale: string;
}

/** The option `respondWith`: what `onLocked: 'respond'` and `middleware()` answer. */
export interface RespondOptions {
  /** Makes the HTML page; escape what you put into it. */
  readonly page?: ((locked: LockedPage) => string) | undefined;
  /** Redirects browsers there instead, with `username` in the query if it is known. */
  readonly redirectTo?: string | undefined;
  /**
   * The target of the link on the built-in page: a path of this site, such as `'/login'`.
   * @default none, and no link
   */
  readonly backTo?: string | undefined;
  /**
   * `Access-Control-Allow-Origin` of all these answers, which then also expose `Retry-After` to scripts: `'*'`, or one origin without
   * a path or a trailing slash.
   * @default none
   */
  readonly corsOrigin?: string | undefined;
  /**
   * `'html'`: page and redirect also for clients that accept anything (`Accept: *\/*`, or none), such as `fetch` and curl.
   * @default problem+json for these; page and redirect for clients that ask for `text/html`
   */
  readonly prefer?: 'html' | undefined;
}
