/** The higher-order strategy: wraps any Passport strategy and stays invisible until it locks. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { describeValue } from '../validation/describe-value.js';
import { assertReplaceable, createParts, GUARDS, guardsOf, readingStrategy, toLockout } from './guard-parts.js';
import { GuardedMethod } from './guarded-method.js';
import { OWN_AUTHENTICATE } from './profile/passes-only.js';
import { createStandIn, setTrap } from './stand-in.js';
import type { StrategyLike } from './strategy-like.js';

/** What a wrapped strategy has in addition to its own members. */
export interface LockoutHandle {
  /** Events, status, unblock, ... */
  readonly lockout: Lockout;
  /** Adds a listener to the lockout; see `Lockout.on`. */
  readonly on: Lockout['on'];
  /** Adds a listener that is called once. */
  readonly once: Lockout['once'];
  /** Removes a listener. */
  readonly off: Lockout['off'];
}

/** The original strategy with the handle added. */
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
  const parts = createParts(strategy, () => [wrapped, standIn], lockout, strategyOptions);
  const front = guards.includes(lockout) ? undefined : new GuardedMethod(strategy, parts);
  const own = {
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
    get: (target, key, receiver) => {
      if (front && key === 'authenticate') return front.current;
      return Object.hasOwn(own, key)
        ? own[key as keyof typeof own]
        : Reflect.get(target, key, receiver === wrapped ? target : receiver);
    },
    defineProperty: (target, key, descriptor) =>
      (key === 'authenticate' && front?.replace(descriptor.value)) || Reflect.defineProperty(target, key, descriptor),
    deleteProperty: (target, key) =>
      (key === 'authenticate' && front?.restore()) || Reflect.deleteProperty(target, key),
  };
  const wrapped = new Proxy(strategy, handler) as WithLockout<T>;
  const standIn = createStandIn({ strategy, wrapper: () => wrapped, added: own, front });
  handler.set = setTrap({ wrapped, standIn, front });
  return wrapped;
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
