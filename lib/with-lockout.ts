/** The higher-order strategy: wraps any Passport strategy and stays invisible until it locks. */
import type { Engine } from './engine/engine.js';
import { LockoutConfigError } from './errors.js';
import { ENGINE, Lockout } from './lockout.js';
import type { LockoutOptions } from './options/types.js';
import { describeValue } from './options/validate.js';
import { type GuardParts, runGuarded } from './passport/guard.js';
import { detectProfile } from './passport/profile.js';
import { selfFactory } from './passport/self.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './passport/strategy.js';

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
 * @example
 * ```ts
 * passport.use(withLockout(new LocalStrategy(verify), { tiers: [{ failures: 3, cooloff: { minutes: 15 } }] }));
 * ```
 * @throws {LockoutConfigError} for wrong options, and for a strategy that could not be protected
 */
export function withLockout<T extends StrategyLike>(
  strategy: T,
  optionsOrLockout: LockoutOptions | Lockout = {},
): WithLockout<T> {
  assertStrategy(strategy);
  const lockout = hasEngine(optionsOrLockout) ? optionsOrLockout : new Lockout(optionsOrLockout);
  if ((strategy as Partial<LockoutHandle>).lockout === lockout) return strategy as WithLockout<T>;

  const profile = detectProfile(strategy, strategy.name ?? 'a strategy without a name');
  const createSelf = selfFactory(strategy, () => wrapped, ['authenticate', ...profile.hooks]);
  const parts: GuardParts = { engine: lockout[ENGINE], profile, createSelf };
  const own = {
    authenticate: createAuthenticate(strategy, parts),
    lockout,
    on: lockout.on.bind(lockout),
    once: lockout.once.bind(lockout),
    off: lockout.off.bind(lockout),
  };
  const wrapped = new Proxy(strategy, {
    get: (target, key, receiver) =>
      Object.hasOwn(own, key) ? own[key as keyof typeof own] : Reflect.get(target, key, receiver),
  }) as WithLockout<T>;
  return wrapped;
}

function createAuthenticate(
  strategy: StrategyLike,
  parts: GuardParts,
): (this: Receiver, ...args: unknown[]) => unknown {
  const authenticate = function authenticate(this: Receiver, ...args: unknown[]): unknown {
    // Read at each call: tracing agents and tests replace the method afterwards.
    const original = strategy.authenticate as (...args: unknown[]) => unknown;
    return runGuarded(parts, this, original, args as unknown as AuthenticateArgs);
  };
  return Object.defineProperty(authenticate, 'length', { value: strategy.authenticate.length, configurable: true });
}

function hasEngine(value: LockoutOptions | Lockout): value is Lockout {
  return typeof value === 'object' && value !== null && (value as { [ENGINE]?: Engine })[ENGINE] !== undefined;
}

function assertStrategy(strategy: unknown): asserts strategy is StrategyLike {
  const isStrategy =
    typeof strategy === 'object' &&
    strategy !== null &&
    typeof (strategy as { authenticate?: unknown }).authenticate === 'function';
  if (!isStrategy) {
    const message = `withLockout(): expected a Passport strategy, an object with a method authenticate, got ${describeValue(strategy)}`;
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
  }
  const descriptor = Object.getOwnPropertyDescriptor(strategy, 'authenticate');
  if (descriptor && !descriptor.configurable && !descriptor.writable) {
    const message = 'withLockout(): expected a strategy whose authenticate may be replaced, got a frozen one';
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
  }
}
