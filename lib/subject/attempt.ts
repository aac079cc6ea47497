/** One credential guess, as the rest of the library sees it. */

import { clean, MAX_NAME_CHARS, MAX_PATH_CHARS } from '../util/printable.js';

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

/** Who tried, from where, on which way. Safe to log: never a password, a token or a body. */
export interface AttemptFacts {
  /** Canonical; undefined when the strategy knows no name. */
  readonly username: string | undefined;
  /** Canonical; an IPv6 address stands as its network. Undefined when the request has no valid address. */
  readonly ip: string | undefined;
  /** The address as the framework gave it. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  readonly method: string | undefined;
  /** Without the query, which may carry credentials. In events cut at 512 characters, `userAgent` and `address` at 256. */
  readonly path: string | undefined;
  /** The name of the Passport strategy, or what `protect` was told. */
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

/** Drops the request, whose body holds the password, and the spelling, which is of no bounded length; what only describes the attempt is bounded and cleaned for logs. */
export function toFacts({ req: _req, spelling: _spelling, ...facts }: Attempt): AttemptFacts {
  return {
    ...facts,
    address: facts.address && clean(facts.address, MAX_NAME_CHARS),
    userAgent: facts.userAgent && clean(facts.userAgent, MAX_NAME_CHARS),
    method: facts.method && clean(facts.method, MAX_NAME_CHARS),
    path: facts.path && clean(facts.path, MAX_PATH_CHARS),
  };
}
