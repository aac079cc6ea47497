/** The options as an application writes them. The table in docs/options.md repeats defaults and units; a spec compares both. */
import type { KnownDevicesInput } from '../devices/types.js';
import type { LocaleOption, Messages } from '../messages/catalogue.js';
import type { LockoutStore } from '../stores/store.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import type { DimensionsFunction } from '../subject/counted-dimensions.js';
import type { DimensionInput } from '../subject/dimension.js';
import type { UsernamesOptions } from '../subject/username.js';
import type { CooloffInput, DurationInput } from '../util/durations.js';
import type { InfoFunction, OnLockedFunction, RespondOptions } from './answer-types.js';

/** One step of a ladder: reaching `failures` (from 1) locks the subject for `cooloff`. */
export interface Tier {
  /** A whole number from 1; ascending within a ladder. */
  readonly failures: number;
  /** More than 0, or `'forever'`: until reset. */
  readonly cooloff: CooloffInput;
}

/** A value for every dimension, by the dimension's name: `username`, `ip`, `ip+username`, ... */
export type PerDimension<T> = Readonly<Record<string, T>>;

/** A ladder for one attempt in one dimension, e.g. a stricter one for administrators. */
export type TiersFunction = (attempt: Attempt, dimension: string) => readonly Tier[];

/** Locks until reset, however slowly the failures come. */
export interface HardStop {
  /** Failures since the last success or reset, from 1. */
  readonly failures: number;
  /**
   * The quiet time after which they are forgotten, so that no record stays forever. More than 0.
   * @default { days: 365 }
   */
  readonly forgetAfter?: CooloffInput | undefined;
}

/** A list for `allow`, `deny` or `restrictTo`. */
export interface AccessList {
  /** Addresses or CIDR ranges, IPv4 or IPv6. */
  readonly ips?: readonly string[] | undefined;
  /** Compared in canonical spelling. */
  readonly usernames?: readonly string[] | undefined;
  /** Called for each attempt; true if it is on the list. */
  readonly when?: ((attempt: Attempt) => boolean) | undefined;
}

/** A secret and its predecessors. */
export interface SecretRotation {
  /** At least 32 characters; new records are made with it. */
  readonly current: string;
  /** One or several. Each costs an attempt one more slot per subject. */
  readonly previous: string | readonly string[];
}

/** What the option `username` receives. */
export interface UsernameContext {
  /** The request of the attempt. */
  readonly req: LockoutRequest;
  /** The arguments of the strategy's verify function, without `req` and `done`. */
  readonly args: readonly unknown[];
}

/** How a strategy ended, for `isFailure`. */
export interface StrategyCall {
  /** The action with which the strategy ended. */
  readonly called: 'success' | 'fail' | 'error' | 'pass' | 'redirect';
  /** The arguments of that call, e.g. challenge and status of `fail`; for `error` also what verify threw. */
  readonly args: readonly unknown[];
  /** The request of the attempt. */
  readonly req: LockoutRequest;
}

/** What may differ between strategies that share one lockout. */
export interface StrategyOptions {
  /**
   * The username of an attempt.
   * @default the name that the strategy passed to its verify function
   */
  readonly username?: ((context: UsernameContext) => unknown) | undefined;
  /**
   * Whether to count only addresses, even if the strategy knows a username.
   * @default false
   */
  readonly ipOnly?: boolean | undefined;
  /**
   * Whether an outcome means wrong credentials; return undefined for the default. By default no outcome does for strategies whose
   * provider checks the credentials (OAuth, OpenID Connect, SAML).
   * @default `fail` with a status below 500, and an error of verify whose `status` or `statusCode` is 400, 401, 403, 404 or 422,
   * unless it came from another server
   */
  readonly isFailure?: ((outcome: StrategyCall) => boolean | undefined) | undefined;
  /**
   * False if a success is only half a login, e.g. a password that is followed by a one-time password: it then forgives no
   * failures. Otherwise an attacker who knows the password could send it between guesses at the second secret. True leaves it to
   * `resetOnSuccess` of the lockout.
   * @default true
   */
  readonly resetOnSuccess?: boolean | undefined;
  /**
   * Whether OAuth clients log in here; they are counted separately, as `CLIENT:name`.
   * @default true for passport-oauth2-client-password
   */
  readonly clients?: boolean | undefined;
  /**
   * `'authenticate'` guards that whole method, whatever verify functions were found. For a strategy that decides before it calls
   * verify, or calls it in a way that cannot be guarded. Needs `username` or `ipOnly`, which then apply whatever its fields are,
   * unless the strategy names its fields or is of a known kind.
   * @default the verify function, or what its kind needs
   */
  readonly guard?: 'authenticate' | undefined;
  /**
   * `'second'` if the strategy checks a second factor, such as a one-time password: it counts on its own subject of the username,
   * 3/6/10, on any device, and a lock of the username does not refuse it. `'first'` if it lets in by itself, such as a PIN or a key: it
   * then has no guesses beside those of the username.
   * @default 'second' with `secret`, if the option `username` names who logs in and the client sends a single value other than the name;
   * else 'first'
   */
  readonly factor?: 'first' | 'second' | undefined;
}

/** When operators are alerted. */
export interface SignalOptions {
  /**
   * The number of usernames that failed at one address, 2 to 64, which makes it a spray (`spray_detected`).
   * @default 10
   */
  readonly usernames?: number | undefined;
  /**
   * The number of failures within an hour, from 1, below which no attack is suspected. Repeated guesses and failures on known
   * devices are left out.
   * @default 20
   */
  readonly newFailures?: number | undefined;
  /**
   * How many times the usual hour (the mean of the 24 before) makes an attack, from 1 (`attack_suspected`).
   * @default 5
   */
  readonly factor?: number | undefined;
}

/** The options of a `Lockout`. All are optional, and each applies to every strategy that the lockout guards. */
export interface LockoutOptions extends Omit<StrategyOptions, 'resetOnSuccess' | 'clients' | 'guard' | 'factor'> {
  /**
   * Where failures and locks are kept.
   * @default a new `MemoryStore`
   */
  readonly store?: LockoutStore | undefined;
  /**
   * What is counted: the items are OR-ed, the parts of a nested list are AND-ed. Parts are `'ip'`, `'username'`, `'userAgent'` or
   * a named function of the attempt. May also be a function that returns such a list for an attempt.
   * @default ['username', 'ip']
   */
  readonly dimensions?: readonly DimensionInput[] | DimensionsFunction | undefined;
  /**
   * One ladder for the dimensions that contain the username (for all dimensions if none does), an object of ladders per dimension,
   * or a function. Other dimensions keep their default. Thresholds ascend.
   * @default 3/6/10 failures lock for 15 minutes/2 hours/1 day; for `ip` alone 30/60/100
   */
  readonly tiers?: readonly Tier[] | PerDimension<readonly Tier[]> | TiersFunction | undefined;
  /**
   * The quiet time after which failures are forgotten. More than 0; per dimension if given by name. Shorter for a dimension that
   * people share, such as `ip` alone.
   * @default { username: { days: 7 }, ip: { hours: 24 } }
   */
  readonly forgetAfter?: CooloffInput | PerDimension<CooloffInput> | undefined;
  /**
   * Whether `forgetAfter` runs from the last failure (locks do not count as quiet time) or from the first. Per dimension if given
   * by name.
   * @default { username: 'last', ip: 'first' }
   */
  readonly forgetFrom?: 'first' | 'last' | PerDimension<'first' | 'last'> | undefined;
  /**
   * Which failures a success takes back; per dimension if given by name. `true`: those that came from the same place (the
   * address; for a dimension without the username, the name) under the same exact spelling of the name, at most 5 per username
   * in 24 hours. So nobody's login forgives anybody else's guesses. `'all'`: all failures of a dimension that contains the
   * username, as in django-axes and django-defender; an attacker then has new guesses after each login of the owner. `false`:
   * none.
   * @default true
   */
  readonly resetOnSuccess?: boolean | 'all' | PerDimension<boolean | 'all'> | undefined;
  /**
   * Locks a dimension that contains the username until it is reset, after this many failures in a row, regardless of `tiers` and
   * `forgetAfter`. A success ends the row of failures under its own spelling of the name, wherever they came from. NIST SP
   * 800-63B-4, section 3.2.2, allows an account at most 100.
   * @default none
   */
  readonly hardStop?: HardStop | undefined;
  /**
   * `'monitor'` counts and emits like `'enforce'`, but never refuses.
   * @default 'enforce'
   */
  readonly mode?: 'enforce' | 'monitor' | undefined;
  /**
   * When false, attempts are neither counted nor refused.
   * @default true
   */
  readonly enabled?: boolean | undefined;
  /**
   * Returns one spelling for all spellings of an account. Give your own if several names mean one account, and fold the name
   * that you found: `(name) => canonicalUsername(aliases.get(name) ?? name)`.
   * @default the function `canonicalUsername`
   */
  readonly canonicalUsername?: ((username: unknown) => string | undefined) | undefined;
  /**
   * Whether accents matter, and whether registration rules out two accounts that fold to the same name.
   * @default { accents: 'ignore', unique: false }
   */
  readonly usernames?: UsernamesOptions | undefined;
  /**
   * The client's address.
   * @default `req.ip` if the framework provides it, else the socket's
   */
  readonly clientIp?: ((req: LockoutRequest) => string | undefined) | undefined;
  /**
   * How many bits of an IPv6 address make one subject, 32 to 128.
   * @default 64
   */
  readonly ipv6Prefix?: number | undefined;
  /**
   * Attempts that are neither counted nor refused.
   * @default none
   */
  readonly allow?: AccessList | undefined;
  /**
   * Attempts that are always refused; wins over `allow`.
   * @default none
   */
  readonly deny?: AccessList | undefined;
  /**
   * Attempts that are not on this list are refused as if they were on `deny`; those on it are counted as usual.
   * @default nobody
   */
  readonly restrictTo?: AccessList | undefined;
  /**
   * Whether a request bypasses the lockout: it is neither counted nor refused.
   * @default never
   */
  readonly skip?: ((req: LockoutRequest) => boolean) | undefined;
  /**
   * How a refused attempt is answered: `'fail'` calls the strategy's `fail(info, status)`; `'error'` its `error(err)` with an
   * error that has a `status`; `'respond'` ends the response by content negotiation (HTML, problem+json, text); or a function.
   * @default 'fail'
   */
  readonly onLocked?: 'fail' | 'error' | 'respond' | OnLockedFunction | undefined;
  /**
   * Customizes the answers of `onLocked: 'respond'` and `middleware()`.
   * @default {}
   */
  readonly respondWith?: RespondOptions | undefined;
  /**
   * Makes the value that `fail` receives instead of a {@link LockedInfo}, for views and callbacks that expect something else:
   * `({ message }) => ({ msg: message })`. Returns an object or a string.
   * @default the `LockedInfo` itself
   */
  readonly info?: InfoFunction | undefined;
  /**
   * Whether the info of a failed login contains the number of attempts left. Unknown usernames are counted alike, so it does not
   * reveal who exists, but it shows an attacker when to stop.
   * @default false
   */
  readonly attemptsLeft?: boolean | undefined;
  /**
   * HTTP status of a refusal, 400 to 599 (RFC 6585, section 4).
   * @default 429
   */
  readonly lockedStatus?: number | undefined;
  /**
   * The message for refused clients, in every language. `{when}` becomes "in 15 minutes", `{duration}` "15 minutes"; a message
   * with either is used only for refusals that end.
   * @default none: the texts of `messages`
   */
  readonly lockedMessage?: string | undefined;
  /**
   * The texts that clients see, by locale (BCP 47): `locked`, in which `{when}` becomes "in 15 minutes" and `{duration}`
   * "15 minutes"; `lockedForever`, `denied`, `storeUnavailable`; `title` and `back` of the page. They extend the built-in ones;
   * texts that a locale lacks come from its language, then from English.
   * @default {}
   */
  readonly messages?: Messages | undefined;
  /**
   * The language of these texts: a locale for all clients, or a function of the request that may return undefined for the
   * default.
   * @default the best of the request's `Accept-Language`, else English
   */
  readonly locale?: LocaleOption | undefined;
  /**
   * Whether refusals carry `Retry-After` with the seconds left (RFC 9110, section 10.2.3).
   * @default true
   */
  readonly retryAfterHeader?: boolean | undefined;
  /**
   * What happens to attempts while the store fails: refuse them with 503, let them pass uncounted, or use another store.
   * @default 'deny'
   */
  readonly onStoreError?:
    | 'deny'
    | 'allow'
    | {
        /** The store to use meanwhile, usually a `MemoryStore`. Nothing is copied from the other one or back to it. */
        readonly fallback: LockoutStore;
      }
    | undefined;
  /**
   * How long to wait for the store before it counts as failed. More than 0, at most 24 days.
   * @default { seconds: 2 }
   */
  readonly storeTimeout?: DurationInput | undefined;
  /**
   * After this time the slot of an attempt that was never settled is freed. More than 0.
   * @default { seconds: 30 }
   */
  readonly leaseTimeout?: DurationInput | undefined;
  /**
   * How long an attempt waits while all slots are taken, 0 to 24 days.
   * @default { seconds: 5 }
   */
  readonly busyTimeout?: DurationInput | undefined;
  /**
   * How many attempts may wait per subject in this process, from 0.
   * @default 100
   */
  readonly maxWaiters?: number | undefined;
  /**
   * How long a known lock is trusted without reading the store again, from 0.
   * @default { seconds: 1 }
   */
  readonly lockCacheTtl?: DurationInput | undefined;
  /**
   * How the attempt log is written: in batches off the response path (`'background'`), before each answer (`'await'`), or not at
   * all (`'off'`), as for a store without a log.
   * @default 'background'
   */
  readonly attemptLog?: 'background' | 'await' | 'off' | undefined;
  /**
   * How long entries of the attempt log are kept. More than 0.
   * @default { days: 30 }
   */
  readonly attemptLogRetention?: DurationInput | undefined;
  /**
   * How many failed and refused attempts of one username the attempt log keeps, from 1: the newest, and up to a tenth more per
   * process. Successes and logouts are kept in addition, so that a guesser cannot push them out. `'all'`: no bound except
   * `attemptLogRetention`.
   * @default 1_000
   */
  readonly attemptLogPerUsername?: number | 'all' | undefined;
  /**
   * The same for one address, which may try ever new usernames; more, because an office behind one address has many people.
   * @default 10_000
   */
  readonly attemptLogPerAddress?: number | 'all' | undefined;
  /**
   * A secret of at least 32 characters, or a list: the first signs, all are accepted. The same in all processes, and not that of
   * `pseudonymize`. It turns on known devices, repeated guesses and unlock links; without it anyone who knows a username can keep
   * its owner out.
   * @default none
   */
  readonly secret?: string | readonly string[] | undefined;
  /**
   * Browsers that have logged in before, recognised by a signed cookie: they count on their own and get in although the username
   * or the address is locked. False turns them off.
   * @default { cookie: { name: 'lockout_device', secure: true, sameSite: 'lax', path: '/' }, maxAge: { days: 365 } } with `secret`, else false
   */
  readonly knownDevices?: KnownDevicesInput | undefined;
  /**
   * `'once'`: a wrong password that was among the last three of its username is verified but not counted again, ten times a minute.
   * Programs keep sending an old password, and it teaches an attacker nothing. `'count'` counts each time. Second factors always
   * count.
   * @default 'once' with `secret`, else 'count'
   */
  readonly repeatedGuess?: 'once' | 'count' | undefined;
  /**
   * The events `spray_detected`, `attack_suspected` and `attack_over`; false for none.
   * @default { usernames: 10, newFailures: 20, factor: 5 }
   */
  readonly signals?: SignalOptions | false | undefined;
  /**
   * A secret of at least 32 characters: keys become HMACs, and no address or username is stored in clear text. To change it, give
   * the new one as `current` and the old one as `previous`, for as long as records made with it matter.
   * @default off
   */
  readonly pseudonymize?: string | SecretRotation | undefined;
  /**
   * Values that logs must not show: `'username'`, `'ip'`, `'userAgent'`, `'path'`, or the name of a counted function. Events keep
   * the values; JSON, `util.inspect` and `console` show `********` for them, and copies lack them.
   * @default []
   */
  readonly sensitive?: readonly string[] | undefined;
}
