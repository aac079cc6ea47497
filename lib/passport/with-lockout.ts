/** The higher-order strategy: wraps any Passport strategy and stays invisible until it locks. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { describeValue } from '../validation/describe-value.js';
import type { Authenticate } from './call/guarded-call.js';
import { runGuarded } from './call/run-guarded.js';
import {
  assertReplaceable,
  createParts,
  GUARDS,
  type GuardParts,
  guardsOf,
  readingStrategy,
  toLockout,
} from './guard-parts.js';
import { OWN_AUTHENTICATE } from './profile/passes-only.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';

/** What a wrapped strategy has besides its own members. */
export interface LockoutHandle {
  /** Events, status, unblock, ... */
  readonly lockout: Lockout;
  readonly on: Lockout['on'];
  readonly once: Lockout['once'];
  readonly off: Lockout['off'];
}

/** The strategy as it was, and the handle. */
export type WithLockout<T extends StrategyLike> = T & LockoutHandle;

/**
 * Wraps a Passport strategy: failed logins are counted, and once a tier is crossed attempts are refused before the
 * strategy's verify function is called. The wrapper has the strategy's name, members and type.
 *
 * @param strategy - any Passport strategy whose verify function can be found
 * @param optionsOrLockout - options for a lockout of its own, or one that several strategies share
 * @param strategyOptions - what holds for this strategy alone; wins over the same options of the lockout
 * @example
 * ```ts
 * passport.use(withLockout(new LocalStrategy(verify), { tiers: [{ failures: 3, cooloff: { minutes: 15 } }] }));
 * ```
 * @throws {LockoutConfigError} for wrong options, and for a strategy that could not be protected
 */
export function withLockout<T extends StrategyLike>(
  strategy: T,
  optionsOrLockout: LockoutOptions | Lockout = {},
  strategyOptions: StrategyOptions = {},
): WithLockout<T> {
  readingStrategy('withLockout()', () => assertStrategy(strategy));
  const lockout = toLockout(optionsOrLockout);
  return readingStrategy('withLockout()', () => wrap(strategy, lockout, strategyOptions));
}

function wrap<T extends StrategyLike>(strategy: T, lockout: Lockout, strategyOptions: StrategyOptions): WithLockout<T> {
  if ((strategy as Partial<LockoutHandle>).lockout === lockout) return strategy as WithLockout<T>;

  const guards = guardsOf(strategy);
  const parts = createParts(strategy, () => wrapped, lockout, strategyOptions);
  const own = {
    ...(guards.includes(lockout) ? {} : { authenticate: createAuthenticate(strategy, parts) }),
    [OWN_AUTHENTICATE]:
      (strategy as { readonly [OWN_AUTHENTICATE]?: unknown })[OWN_AUTHENTICATE] ?? strategy.authenticate,
    [GUARDS]: [...guards, lockout],
    lockout,
    on: lockout.on.bind(lockout),
    once: lockout.once.bind(lockout),
    off: lockout.off.bind(lockout),
  };
  // An accessor runs on the strategy itself: it may read `#private` members.
  const handler: ProxyHandler<T> = {
    get: (target, key, receiver) =>
      Object.hasOwn(own, key)
        ? own[key as keyof typeof own]
        : Reflect.get(target, key, receiver === wrapped ? target : receiver),
  };
  // Passport sets five actions at each login; without a trap that is much faster.
  if (hasSetter(strategy))
    handler.set = (target, key, value, receiver) =>
      Reflect.set(target, key, value, receiver === wrapped ? target : receiver);
  const wrapped = new Proxy(strategy, handler) as WithLockout<T>;
  return wrapped;
}

function hasSetter(strategy: object): boolean {
  for (let holder = strategy; holder !== Object.prototype && holder; holder = Object.getPrototypeOf(holder) as object) {
    if (Object.values(Object.getOwnPropertyDescriptors(holder)).some(({ set }) => set !== undefined)) return true;
  }
  return false;
}

function createAuthenticate(
  strategy: StrategyLike,
  parts: GuardParts,
): (this: Receiver, ...args: unknown[]) => unknown {
  const authenticate = function authenticate(this: Receiver, ...args: unknown[]): unknown {
    // Read at each call: tracing agents and tests replace the method afterwards.
    return runGuarded(parts, this, strategy.authenticate as Authenticate, args as unknown as AuthenticateArgs);
  };
  return Object.defineProperty(authenticate, 'length', { value: strategy.authenticate.length, configurable: true });
}

function assertStrategy(strategy: unknown): void {
  const isStrategy =
    typeof strategy === 'object' &&
    strategy !== null &&
    typeof (strategy as { authenticate?: unknown }).authenticate === 'function';
  if (!isStrategy) {
    const message = `withLockout(): expected a Passport strategy, an object with a method authenticate, got ${describeValue(strategy)}`;
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
  }
  assertReplaceable(strategy, 'withLockout()');
}
