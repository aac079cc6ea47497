/** One credential guess, as the rest of the library sees it. */

import { detached } from '../util/detached.js';
import { MAX_NAME_CHARS, MAX_PATH_CHARS, toExcerpt } from '../util/printable.js';
import { toPart } from './part.js';

/** One more than is shown, so that a cut is noticed. */
const KEPT_CHARS = MAX_PATH_CHARS + 1;
/** What a client may make as long as it likes. */
const UNBOUNDED = ['userAgent', 'method', 'path', 'action'] as const;

/** The parts of a request that we read; every framework's request has them in this shape or lacks them. */
export interface LockoutRequest {
  /** The client's address, as Express, Koa and Fastify provide it. */
  readonly ip?: string | undefined;
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The path with its query, as received or as a router has cut it. */
  readonly url?: string | undefined;
  /** The path with its query as received; preferred to `url`. */
  readonly originalUrl?: string | undefined;
  /** The headers, with names in lower case. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  /** The connection; its address is used if the request has no `ip`. */
  readonly socket?:
    | {
        /** The address of the peer: the client, or the nearest proxy. */
        readonly remoteAddress?: string | undefined;
      }
    | null
    | undefined;
  /** The original request, if this one wraps a request of the Fetch Standard. */
  readonly standard?: StandardRequest | undefined;
}

/**
 * Who made the attempt, from where, and through which route. Never a password, a token or a body.
 *
 * In events each string is safe to log: on one line, without control characters or marks of direction, and of bounded length.
 * Functions in the options receive what the client sent.
 */
export interface AttemptFacts {
  /**
   * Canonical; undefined if the action has no name. In events, `exactName(username)` returns the name itself: a character that
   * is not safe to log is shown as an escape such as `\u{a}`; the default `canonicalUsername` never leaves one.
   */
  readonly username: string | undefined;
  /** Canonical; for an IPv6 address, its network. Undefined if the request has no valid address. */
  readonly ip: string | undefined;
  /**
   * The plain address: without port, brackets or zone; an IPv4 address in an IPv6 one is shown as IPv4. Undefined if the request
   * has no valid address.
   */
  readonly address: string | undefined;
  /** The header `User-Agent`; undefined if there is none. */
  readonly userAgent: string | undefined;
  /** The HTTP method; undefined if there is no request. */
  readonly method: string | undefined;
  /** Without the query, which may carry credentials. In events cut at 512 characters, `userAgent`, `method` and `action` at 256. */
  readonly path: string | undefined;
  /** The name of the Passport action, or the `action` passed to `protect`. */
  readonly action: string | undefined;
  /**
   * Whether the device has logged in to this account before. Missing without known devices, and if it does not matter: no name is
   * known, or the client keeps no cookies.
   */
  readonly device?: 'known' | 'unknown' | undefined;
}

/** A device that was recognised by its token. */
export interface KnownDevice {
  /** 12 characters of base64url, the same through all renewals. */
  readonly id: string;
  /** Epoch milliseconds of the store's clock. */
  readonly issuedAt: number;
  /** Which secret signed it; 0 is the one that signs today. */
  readonly secretIndex: number;
}

/** The parts of a `Request` of the Fetch Standard that we read. It has no address: pass `ip`, or set `clientIp`. */
export interface StandardRequest {
  /** The HTTP method. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** The headers, as an iterable of pairs with a `get`. */
  readonly headers: Iterable<readonly [name: string, value: string]> & {
    /** Returns the value of a header, or null. */
    get(name: string): string | null;
  };
}

/** Any request that a lockout accepts. */
export type AnyRequest = LockoutRequest | StandardRequest;

/** The argument of functions in the options: the facts, and the request itself if there is one. */
export interface Attempt extends AttemptFacts {
  /** The request; undefined if `protect` received none. */
  readonly req: LockoutRequest | undefined;
  /**
   * The name exactly as the client wrote it, however long; distinguishes accounts whose names fold to one. Undefined if there is
   * no name, or it is not a string.
   */
  readonly spelling: string | undefined;
  /** The token by which the device was recognised; undefined if it is not known. */
  readonly token?: KnownDevice | undefined;
  /** `'second'` if the guess is a second factor, which only those who gave the first one reach. */
  readonly factor?: 'second' | undefined;
}

/** An attempt of which nothing is known, for options that are functions of an attempt when there is none. */
export const UNKNOWN_ATTEMPT: Attempt = Object.freeze({
  username: undefined,
  ip: undefined,
  address: undefined,
  userAgent: undefined,
  method: undefined,
  path: undefined,
  action: undefined,
  req: undefined,
  spelling: undefined,
});

/** Returns the facts for events, safe to log: without the request, whose body holds the password, and without the unbounded spelling. */
export function toFacts({ username, ip, address, userAgent, method, path, action, device }: Attempt): AttemptFacts {
  const facts: AttemptFacts = {
    username: username && toPart(username),
    ip,
    address,
    userAgent: userAgent && toExcerpt(userAgent, MAX_NAME_CHARS),
    method: method && toExcerpt(method, MAX_NAME_CHARS),
    path: path && toExcerpt(path, MAX_PATH_CHARS),
    action: action && toExcerpt(action, MAX_NAME_CHARS),
  };
  return device ? { ...facts, device } : facts;
}

/**
 * Returns what to remember of an attempt: without the request, and bounded, since many may be kept while a store is down.
 * Written member by member because it runs for every attempt, and a rest copy would take longer than everything else.
 */
export function toKept({ username, ip, address, userAgent, method, path, action, device }: Attempt): Attempt {
  const kept = { username, ip, address, userAgent, method, path, action, device, req: undefined, spelling: undefined };
  for (const name of UNBOUNDED) {
    const text = kept[name];
    // A copy: a part of a text keeps the whole of it in memory.
    if (text !== undefined && text.length > KEPT_CHARS) kept[name] = detached(text.slice(0, KEPT_CHARS));
  }
  return kept;
}
