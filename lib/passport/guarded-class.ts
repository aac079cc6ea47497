/** A strategy class whose instances can be guarded after construction. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import { strategySchema } from '../options/schema.js';
import type { StrategyOptions } from '../options/types.js';
import { describeValue } from '../validation/describe-value.js';
import { validateOptions } from '../validation/validate.js';
import type { Authenticate } from './call/guarded-call.js';
import { runGuarded } from './call/run-guarded.js';
import { define } from './call/strategy-child.js';
import {
  assertReplaceable,
  createParts,
  GUARDS,
  type GuardParts,
  guardsOf,
  type OnLockedRule,
  readingStrategy,
} from './guard-parts.js';
import { watchForPassing } from './passed-by.js';
import { OWN_AUTHENTICATE } from './profile/passes-only.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';

/** A strategy class; the type that mixin constructors require. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript allows a mixin only over a constructor of any[]
export type StrategyClass = new (...args: any[]) => StrategyLike;

export interface GuardedClass<B> {
  readonly Class: B;
  /** Until this is called, an instance runs as its base class does. Throws if the strategy cannot be protected. */
  guard(instance: StrategyLike, lockout: Lockout, onLocked: OnLockedFor): void;
}

/** Adapts a lockout's `onLocked` for these classes. */
type OnLockedFor = (onLocked: OnLockedRule) => OnLockedRule;

/** @param label - name of the calling function, for errors */
export function guardedClass<B extends StrategyClass>(
  label: string,
  Base: B,
  strategyOptions: StrategyOptions,
): GuardedClass<B> {
  if (!isClass(Base)) {
    const message = `${label}: expected a strategy class, got ${describeValue(Base)}`;
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
  }
  validateOptions(strategySchema, strategyOptions, 'strategy options');
  /** Key of an instance's guard: not enumerable, inherited by Passport's child object, and unique to this class. */
  const GUARD = Symbol('passport-lockout.guard');
  class WithLockoutStrategy extends Base {
    override authenticate(...args: never[]): unknown {
      const { [GUARD]: guard } = this as unknown as { readonly [GUARD]?: Guard };
      const authenticate = super.authenticate as Authenticate;
      if (!guard) return Reflect.apply(authenticate, this, args);
      return guard(this as unknown as Receiver, authenticate, args as unknown as AuthenticateArgs);
    }
  }
  const protect = (instance: StrategyLike, lockout: Lockout, onLockedFor: OnLockedFor) => {
    assertExtensible(instance, label);
    // A member of the instance shadows this class's method, so guard that member.
    const own = Object.hasOwn(instance, 'authenticate') ? instance.authenticate : undefined;
    if (!(OWN_AUTHENTICATE in instance)) {
      const value = own ?? (Base.prototype as StrategyLike).authenticate;
      Object.defineProperty(instance, OWN_AUTHENTICATE, { value });
    }
    const parts = createParts(instance, () => [instance], lockout, strategyOptions);
    const guards = guardsOf(instance);
    if (guards.includes(lockout)) return;
    const onRun = watchForPassing(instance, parts);
    const guarded: GuardParts = { ...parts, onLocked: onLockedFor(parts.onLocked) };
    const guard: Guard = (receiver, authenticate, args) => {
      onRun();
      return runGuarded(guarded, receiver, authenticate, args);
    };
    Object.defineProperty(instance, GUARD, { value: guard });
    Object.defineProperty(instance, GUARDS, { value: [...guards, lockout], configurable: true });
    if (own) define(instance as never, 'authenticate', guardedOwn(guard, own as Authenticate));
  };
  return {
    Class: WithLockoutStrategy,
    guard: (...args) => readingStrategy(label, () => protect(...args)),
  };
}

/** The guard is stored on the instance. */
function assertExtensible(strategy: StrategyLike, label: string): void {
  assertReplaceable(strategy, label);
  if (Object.isExtensible(strategy)) return;
  const message = `${label}: expected a class whose instances may be given members, got a frozen one`;
  throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
}

/** Runs the strategy's own `authenticate` under guard. */
type Guard = (receiver: Receiver, authenticate: Authenticate, args: AuthenticateArgs) => unknown;

function guardedOwn(guard: Guard, own: Authenticate): Authenticate {
  return function authenticate(this: Receiver, ...args: unknown[]): unknown {
    return guard(this, own, args as unknown as AuthenticateArgs);
  };
}

/** Arrow functions and methods are not classes. */
function isClass(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as StrategyClass);
    return true;
  } catch {
    return false;
  }
}
