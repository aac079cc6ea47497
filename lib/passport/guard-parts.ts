/** What guards a strategy: made once when it is wrapped, the same for all of its calls. */
import type { VerdictWatch } from '../checks/runtime/verdict-watch.js';
import type { Engine } from '../engine.js';
import { LockoutConfigError, LockoutError } from '../errors.js';
import { ENGINE, Lockout } from '../lockout.js';
import type { OnLockedFunction } from '../options/answer-types.js';
import { withGuardedFunctions } from '../options/guard-functions.js';
import type { ResolvedOptions } from '../options/resolve.js';
import { strategySchema } from '../options/schema.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { asked } from '../util/asked.js';
import { validateOptions } from '../validation/validate.js';
import type { Verify } from './call/hooks.js';
import { type CreateSelf, selfFactory } from './call/strategy-child.js';
import type { Profile } from './profile/profile.js';
import { detectProfile } from './profile/strategy-profile.js';
import type { StrategyLike } from './strategy-like.js';
import type { VerdictRules } from './verdict.js';

/** The option `onLocked`; and for `'respond'` what is done where there is no response, where that is not `'fail'`. */
export type OnLockedRule = ResolvedOptions['onLocked'] | { readonly respondElse: 'error' | OnLockedFunction };

export interface GuardParts extends VerdictRules {
  readonly engine: Engine;
  /** The strategy's name, for people. */
  readonly label: string;
  /** What holds for this strategy alone. */
  readonly rules: StrategyOptions;
  readonly onLocked: OnLockedRule;
  readonly profile: Profile;
  /** Whether the application says itself what a failure is, or it is known of this kind of strategy. */
  readonly hasOwnRule: boolean;
  /** Whether its guesses are those of a second factor, or may be. */
  readonly mayBeSecond: boolean;
  /** What its verdicts have shown so far. */
  readonly verdicts: VerdictWatch;
  /** Whether the strategy is guarded by another lockout already. */
  readonly isAround: boolean;
  /** Makes the object on which the strategy runs for one request. */
  readonly createSelf: CreateSelf;
  /** Guards of this wrapper and what they stand for: on a bare strategy one may be left from an earlier call. */
  readonly guarded: WeakMap<object, Verify>;
}

/**
 * The lockouts that guard a strategy. A second guard of the same one would wait for the slot that the first has taken.
 * Well known, so that a wrapper of the other module format finds them too.
 */
export const GUARDS = Symbol.for('passport-lockout.guards');

export function guardsOf(strategy: object): readonly Lockout[] {
  return (strategy as { readonly [GUARDS]?: readonly Lockout[] })[GUARDS] ?? [];
}

/**
 * What a trap of a proxy or an accessor throws while a strategy is looked at, told as what it is.
 *
 * @param where - the function that was called, for the error
 * @throws {LockoutConfigError} instead of anything else
 */
export function readingStrategy<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof LockoutError) throw cause;
    const message = `${where}: expected a strategy whose members can be read, got one that throws`;
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message, { cause });
  }
}

/** @throws {LockoutConfigError} for a strategy whose own `authenticate` cannot be replaced */
export function assertReplaceable(strategy: object, where: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(strategy, 'authenticate');
  if (!descriptor || descriptor.configurable || descriptor.writable) return;
  const message = `${where}: expected a strategy whose authenticate may be replaced, got a frozen one`;
  throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
}

export function createParts(
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
    clients: own.clients,
    guard: own.guard,
    factor: own.factor,
  };
  const label = strategy.name ?? 'a strategy without a name';
  const isTold = own.username !== undefined || own.ipOnly === true;
  const profile = detectProfile(strategy, label, { ...rules, isTold, enabled: engine.options.enabled });
  const members = ['authenticate', 'getOptions', ...profile.hooks.map((path) => path.split('.')[0] as string)];
  const infersFactor = engine.options.infersFactor && rules.username !== undefined && rules.factor === undefined;
  const createSelf = selfFactory(strategy, wrapper, members);
  return {
    engine,
    label,
    rules,
    onLocked: engine.options.onLocked,
    profile,
    hasOwnRule: rules.isFailure !== undefined || profile.isWrong !== undefined,
    mayBeSecond: rules.factor === 'second' || (infersFactor && !profile.gate && profile.username !== 'first'),
    verdicts: engine.verdicts.ofWrapper(label),
    isAround: guardsOf(strategy).length > 0,
    createSelf,
    guarded: new WeakMap(),
  };
}

export function toLockout(optionsOrLockout: LockoutOptions | Lockout): Lockout {
  return hasEngine(optionsOrLockout) ? optionsOrLockout : new Lockout(optionsOrLockout);
}

function hasEngine(value: LockoutOptions | Lockout): value is Lockout {
  const isObject = typeof value === 'object' && value !== null;
  // What cannot be read is told of as options.
  return isObject && asked(() => (value as { [ENGINE]?: Engine })[ENGINE]) !== undefined;
}
