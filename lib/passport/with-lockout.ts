/** The higher-order strategy: wraps any Passport strategy and stays invisible until it locks. */
import type { Engine } from '../engine.js';
import { LockoutConfigError } from '../errors.js';
import { ENGINE, Lockout } from '../lockout.js';
import { withGuardedFunctions } from '../options/guard-functions.js';
import { strategySchema } from '../options/schema.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { describeValue, validateOptions } from '../validation/validate.js';
import { type GuardParts, runGuarded } from './guarded-call.js';
import { selfFactory } from './strategy-child.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';
import { detectProfile } from './strategy-profile.js';

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

/** A strategy class; constructors of mixins are typed so. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript allows a mixin only over a constructor of any[]
export type StrategyClass = new (...args: any[]) => StrategyLike;

type Authenticate = (...args: unknown[]) => unknown;

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
  assertStrategy(strategy);
  const lockout = toLockout(optionsOrLockout);
  if ((strategy as Partial<LockoutHandle>).lockout === lockout) return strategy as WithLockout<T>;

  const guards = guardsOf(strategy);
  const parts = createParts(strategy, () => wrapped, lockout, strategyOptions);
  const own = {
    ...(guards.includes(lockout) ? {} : { authenticate: createAuthenticate(strategy, parts) }),
    [GUARDS]: [...guards, lockout],
    lockout,
    on: lockout.on.bind(lockout),
    once: lockout.once.bind(lockout),
    off: lockout.off.bind(lockout),
  };
  // An accessor runs on the strategy itself: it may read `#private` members.
  const selfOf = (target: T, receiver: unknown) => (receiver === wrapped ? target : receiver);
  const wrapped = new Proxy(strategy, {
    get: (target, key, receiver) =>
      Object.hasOwn(own, key) ? own[key as keyof typeof own] : Reflect.get(target, key, selfOf(target, receiver)),
    set: (target, key, value, receiver) => Reflect.set(target, key, value, selfOf(target, receiver)),
  }) as WithLockout<T>;
  return wrapped;
}

/**
 * The lockouts that guard a strategy. A second guard of the same one would wait for the slot that the first has taken.
 * Well known, so that a wrapper of the other module format finds them too.
 */
const GUARDS = Symbol.for('passport-lockout.guards');

function guardsOf(strategy: object): readonly Lockout[] {
  return (strategy as { readonly [GUARDS]?: readonly Lockout[] })[GUARDS] ?? [];
}

/**
 * The same for classes, as NestJS wants them: `class LocalStrategy extends PassportStrategy(lockoutMixin(Strategy))`.
 *
 * A refused login is an error with `status` 429 (unless `onLocked` is `'respond'` or a function), because Nest's default
 * guard drops the status of a failure and would answer 401. For the same reason an error with status 401 counts as a
 * failure: in Nest a `validate` says so by throwing an `UnauthorizedException`.
 *
 * @throws {LockoutConfigError} for wrong options; when an instance is made, for a strategy that could not be protected
 */
export function lockoutMixin<B extends StrategyClass>(
  Base: B,
  optionsOrLockout: LockoutOptions | Lockout = {},
  strategyOptions: StrategyOptions = {},
): B & { readonly lockout: Lockout } {
  const lockout = toLockout(optionsOrLockout);
  validateOptions(strategySchema, strategyOptions, 'strategy options');
  /** Where an instance keeps what guards it; not enumerable, inherited by Passport's child object, and this class's own. */
  const PARTS = Symbol('passport-lockout.parts');
  class WithLockoutStrategy extends Base {
    static readonly lockout = lockout;

    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      super(...args);
      const parts = createParts(this, () => this, lockout, strategyOptions);
      const onLocked = parts.onLocked === 'fail' ? 'error' : parts.onLocked;
      const guards = guardsOf(this);
      if (guards.includes(lockout)) return;
      Object.defineProperty(this, PARTS, { value: { ...parts, onLocked, countsUnauthorized: true } });
      Object.defineProperty(this, GUARDS, { value: [...guards, lockout], configurable: true });
    }

    override authenticate(...args: never[]): unknown {
      const { [PARTS]: parts } = this as unknown as { readonly [PARTS]?: GuardParts };
      if (!parts) return super.authenticate(...args);
      return runGuarded(
        parts,
        this as unknown as Receiver,
        super.authenticate as Authenticate,
        args as unknown as AuthenticateArgs,
      );
    }
  }
  return WithLockoutStrategy;
}

function createParts(
  strategy: StrategyLike,
  wrapper: () => object,
  lockout: Lockout,
  strategyOptions: StrategyOptions,
): GuardParts {
  validateOptions(strategySchema, strategyOptions, 'strategy options');
  const own = withGuardedFunctions(strategyOptions, 'strategy options');
  const engine = lockout[ENGINE];
  const { username, ipOnly, isFailure } = engine.options.strategy;
  const rules = {
    username: own.username ?? username,
    ipOnly: own.ipOnly ?? ipOnly,
    isFailure: own.isFailure ?? isFailure,
    resetOnSuccess: own.resetOnSuccess ?? true,
  };
  const profile = detectProfile(strategy, strategy.name ?? 'a strategy without a name', rules);
  const members = ['authenticate', 'getOptions', ...profile.hooks.map((path) => path.split('.')[0] as string)];
  const createSelf = selfFactory(strategy, wrapper, members);
  return {
    engine,
    rules,
    onLocked: engine.options.onLocked,
    profile,
    isAround: guardsOf(strategy).length > 0,
    createSelf,
    countsUnauthorized: false,
    guarded: new WeakMap(),
  };
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

function toLockout(optionsOrLockout: LockoutOptions | Lockout): Lockout {
  return hasEngine(optionsOrLockout) ? optionsOrLockout : new Lockout(optionsOrLockout);
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
