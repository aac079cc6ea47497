/** How a refused client is answered, as an application says and sees it. */
import type { LockoutStoreError, RefusalCode } from '../errors.js';
import type { LockoutRequest } from '../subject/attempt.js';

/** Why an attempt was refused, in a form that custom callbacks and answers may use. */
export interface LockedInfo {
  readonly code: RefusalCode;
  /** In the client's language, with the time left. Also what the info is as a string. */
  readonly message: string;
  /** The dimension that refused; undefined for a list or a failing store. */
  readonly dimension: string | undefined;
  /** Whole seconds until a retry makes sense; null when there is no such time. */
  readonly retryAfter: number | null;
  /**
   * Why the store failed, with `ERR_LOCKOUT_STORE_UNAVAILABLE` only. For the application's log, and not for the client: it may name
   * hosts. Not enumerable, so that no copy and no JSON of this holds it.
   */
  readonly cause?: LockoutStoreError;
}

/** What a function given as `onLocked` may do: exactly one of these, or answer on the response itself. */
export interface LockedActions {
  readonly status: number;
  fail(challenge?: unknown, status?: number): void;
  error(error: unknown): void;
  redirect(url: string, status?: number): void;
}

export type OnLockedFunction = (info: LockedInfo, actions: LockedActions, req: LockoutRequest) => void;

/** Makes what `fail` is given of a refusal. */
export type InfoFunction = (locked: LockedInfo, req: LockoutRequest) => object | string;

/** What a page for a refused client may say. */
export interface LockedPage extends LockedInfo {
  /** The username as the client sees it; undefined when none is known. */
  readonly username: string | undefined;
  /** How many failures there are; null where none were counted. */
  readonly failures: number | null;
  /** The threshold that was reached; null where none was. */
  readonly limit: number | null;
  /** The time left as an ISO 8601 duration such as `PT14M59S`; null when there is no such time. */
  readonly duration: string | null;
  /** The language of `message` (BCP 47), for the attribute `lang` of the page. */
  readonly locale: string;
}

export interface RespondOptions {
  /** Makes the HTML page; escape what you put into it. */
  readonly page?: ((locked: LockedPage) => string) | undefined;
  /** Sends browsers there instead, with `username` in the query when one is known. */
  readonly redirectTo?: string | undefined;
  /**
   * Where the link of the built-in page leads: a path of this site, such as `'/login'`.
   * @default none, and no link
   */
  readonly backTo?: string | undefined;
  /**
   * `Access-Control-Allow-Origin` of all these answers, which then also expose `Retry-After` to scripts: `'*'`, or one origin, without
   * a path and a slash at its end.
   * @default none
   */
  readonly corsOrigin?: string | undefined;
  /**
   * `'html'`: page and redirect also for clients that take anything (`Accept: *\/*`, or none), such as `fetch` and curl.
   * @default problem+json for these; page and redirect for whoever asks for `text/html`
   */
  readonly prefer?: 'html' | undefined;
}
