/** What passes through the core: requests of any framework, responses for any framework, and the routes between them. */
import type { Lockout } from '../../lockout.js';
import type { Links } from './links.js';
import type { Permission, Viewer } from './permissions.js';

/** A request as the core sees it, whatever framework received it. */
export interface AdminRequest {
  readonly method: string;
  /** Below the base path, begins with a slash, as it was sent: nothing is decoded. */
  readonly path: string;
  /** Where the pages are mounted, as the browser sees it, without a slash at its end; '' for the root. */
  readonly basePath: string;
  readonly query: URLSearchParams;
  /** @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  /**
   * Reads the fields of the form, at most 64 KB; called only for a request that has passed every check.
   *
   * @throws {PageError} 413 for more
   */
  readonly readForm: () => Promise<URLSearchParams>;
  /** The framework's own request, for `authorize` and for the client's address. */
  readonly raw: object;
  /** Aborted when the client goes away and when the pages are closed; ends streams. */
  readonly signal: AbortSignal;
}

export type AdminBody = string | Uint8Array<ArrayBuffer> | AsyncIterable<string>;

export interface AdminResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AdminBody;
  /**
   * Whether half of a stream is worth nothing, as of an export: if it ends early, the connection breaks, so that nobody takes half for
   * all.
   * @default false
   */
  readonly isWhole?: boolean;
}

/** One entry of the table of routes. */
export interface Route {
  /** A GET changes nothing, ever. HEAD is answered as GET. */
  readonly method: 'GET' | 'POST';
  readonly path: `/${string}`;
  /** Checked before `handle` is called. */
  readonly permission: Permission;
  readonly handle: (context: PageContext) => AdminResponse | Promise<AdminResponse>;
}

/** Everything that a page needs. One per request. */
export interface PageContext {
  readonly lockout: Lockout;
  readonly request: AdminRequest;
  readonly query: URLSearchParams;
  /** Empty for a GET. */
  readonly form: URLSearchParams;
  readonly viewer: Viewer;
  readonly links: Links;
  /** The instant that the whole page speaks of, by the store's clock. */
  readonly now: Date;
  /** The client's address, as the lockout sees it; undefined if the request has none. */
  readonly address: string | undefined;
  /** Aborted when the pages are closed: ends what goes on after the answer. */
  readonly closing: AbortSignal;
  /** Whether a GET of this path is in the table: only such pages are linked. */
  readonly hasPage: (path: `/${string}`) => boolean;
}
