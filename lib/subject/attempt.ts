/** One credential guess, as the rest of the library sees it. */

import { detached } from '../util/detached.js';
import { MAX_NAME_CHARS, MAX_PATH_CHARS, toExcerpt } from '../util/printable.js';
import { toPart } from './part.js';

/** One more than is told, so that what is cut is seen to be. */
const KEPT_CHARS = MAX_PATH_CHARS + 1;
/** What a client may make as long as it likes. */
const UNBOUNDED = ['userAgent', 'method', 'path', 'action'] as const;

/** The parts of a request that are read; every framework's request has them in this shape or lacks them. */
export interface LockoutRequest {
  readonly ip?: string | undefined;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
  readonly socket?: { readonly remoteAddress?: string | undefined } | null | undefined;
  /** Where it stands for one of the Fetch Standard: that one. */
  readonly standard?: StandardRequest | undefined;
}

/**
 * Who tried, from where, on which way. Never a password, a token or a body.
 *
 * In events each text is safe to log: on one line, without control characters or marks of direction, and of bounded length.
 * Functions in the options are given what the client sent.
 */
export interface AttemptFacts {
  /**
   * Canonical; undefined when the action knows no name. In events `exactName(username)` is the name itself: a character that is
   * not safe to log is shown as an escape such as `\u{a}`, which the default `canonicalUsername` never leads to.
   */
  readonly username: string | undefined;
  /** Canonical; an IPv6 address stands as its network. Undefined when the request has no valid address. */
  readonly ip: string | undefined;
  /**
   * The plain address: without port, brackets or zone, an IPv4 address in an IPv6 one by itself. Undefined when the request has
   * no valid address.
   */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly method: string | undefined;
  /** Without the query, which may carry credentials. In events cut at 512 characters, `userAgent`, `method` and `action` at 256. */
  readonly path: string | undefined;
  /** The name of the Passport action, or what `protect` was told. */
  readonly action: string | undefined;
}

/** The parts of a `Request` of the Fetch Standard that are read. It knows no address: say `ip`, or give a `clientIp`. */
export interface StandardRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Iterable<readonly [name: string, value: string]> & {
    get(name: string): string | null;
  };
}

/** Any request that a lockout may be given. */
export type AnyRequest = LockoutRequest | StandardRequest;

/** What functions in the options are given: the facts, and the request itself where there is one. */
export interface Attempt extends AttemptFacts {
  readonly req: LockoutRequest | undefined;
  /**
   * The name exactly as the client wrote it, however long; tells accounts apart whose names fold to one. Undefined where there
   * is none, or it is no text.
   */
  readonly spelling: string | undefined;
}

/** An attempt of which nothing is known, for options that are functions of the attempt where there is none. */
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

/** For events: without the request, whose body holds the password, and the spelling, which is of no bounded length; safe to log. */
export function toFacts({ username, ip, address, userAgent, method, path, action }: Attempt): AttemptFacts {
  return {
    username: username && toPart(username),
    ip,
    address,
    userAgent: userAgent && toExcerpt(userAgent, MAX_NAME_CHARS),
    method: method && toExcerpt(method, MAX_NAME_CHARS),
    path: path && toExcerpt(path, MAX_PATH_CHARS),
    action: action && toExcerpt(action, MAX_NAME_CHARS),
  };
}

/**
 * What has to be kept in mind of an attempt, for many may be while a store is down: without the request, and bounded. Member by
 * member: it is done for every attempt, and a copy of what is left over takes longer than all else.
 */
export function toKept({ username, ip, address, userAgent, method, path, action }: Attempt): Attempt {
  const kept = { username, ip, address, userAgent, method, path, action, req: undefined, spelling: undefined };
  for (const name of UNBOUNDED) {
    const text = kept[name];
    // A copy: a part of a text keeps the whole of it in memory.
    if (text !== undefined && text.length > KEPT_CHARS) kept[name] = detached(text.slice(0, KEPT_CHARS));
  }
  return kept;
}
