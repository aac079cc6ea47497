/** The parts that guard a strategy: created once when it is wrapped, and shared by all of its calls. */
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
import { type Hook, toHook, type Verify } from './call/hooks.js';
import { type CreateSelf, selfFactory } from './call/strategy-child.js';
import type { Profile } from './profile/profile.js';
import { detectProfile } from './profile/strategy-profile.js';
import type { StrategyLike } from './strategy-like.js';
import type { VerdictRules } from './verdict.js';

/** The option `onLocked`; for `'respond'`, also what to do without a response, if not `'fail'`. */
export type OnLockedRule = ResolvedOptions['onLocked'] | { readonly respondElse: 'error' | OnLockedFunction };

export interface GuardParts extends VerdictRules {
  readonly engine: Engine;
  /** The strategy's name, for messages. */
  readonly label: string;
  /** Options of this strategy alone. */
  readonly rules: StrategyOptions;
  readonly onLocked: OnLockedRule;
  readonly profile: Profile;
  readonly hooks: readonly Hook[];
  /** Whether the application defines what a failure is, or this kind of strategy is known. */
  readonly hasOwnRule: boolean;
  /** Whether it checks a second factor, or may do so. */
  readonly mayBeSecond: boolean;
  /** What its verdicts have shown so far. */
  readonly verdicts: VerdictWatch;
  /** Whether another lockout guards the strategy already. */
  readonly isAround: boolean;
  /** Creates the object on which the strategy runs for one request. */
  readonly createSelf: CreateSelf;
  /** Guards of this wrapper and the functions they replace: a bare strategy may still have one from an earlier call. */
  readonly guarded: WeakMap<object, Verify>;
}

/**
 * The lockouts that guard a strategy. A second guard of the same lockout would wait for the slot that the first has taken. A
 * registered symbol, so that a wrapper of the other module format finds them too.
 */
export const GUARDS = Symbol.for('passport-lockout.guards');

export function guardsOf(strategy: object): readonly Lockout[] {
  return (strategy as { readonly [GUARDS]?: readonly Lockout[] })[GUARDS] ?? [];
}

/**
 * Reads a strategy, and turns anything thrown by a proxy trap or an accessor into a configuration error.
 *
 * @param where - name of the calling function, for the error
 * @throws {LockoutConfigError} instead of any other error
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

/** @throws {LockoutConfigError} if the strategy's own `authenticate` cannot be replaced */
export function assertReplaceable(strategy: object, where: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(strategy, 'authenticate');
  if (!descriptor || descriptor.configurable || descriptor.writable) return;
  const message = `${where}: expected a strategy whose authenticate may be replaced, got a frozen one`;
  throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
}

export function createParts(
  strategy: StrategyLike,
  wrappers: () => readonly object[],
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
  const hooks = profile.hooks.map(toHook);
  const members = ['authenticate', 'getOptions', ...hooks.map(({ name }) => name)];
  const infersFactor = engine.options.infersFactor && rules.username !== undefined && rules.factor === undefined;
  const createSelf = selfFactory(strategy, wrappers, members);
  return {
    engine,
    label,
    rules,
    onLocked: engine.options.onLocked,
    profile,
    hooks,
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
  // Unreadable values are reported as options.
  return isObject && asked(() => (value as { [ENGINE]?: Engine })[ENGINE]) !== undefined;
}
