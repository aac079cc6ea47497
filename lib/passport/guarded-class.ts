/** A strategy class whose instances can be guarded once they are there. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import { strategySchema } from '../options/schema.js';
import type { StrategyOptions } from '../options/types.js';
import { describeValue } from '../validation/describe-value.js';
import { validateOptions } from '../validation/validate.js';
import type { Authenticate } from './call/guarded-call.js';
import { runGuarded } from './call/run-guarded.js';
import { createParts, GUARDS, type GuardParts, guardsOf } from './guard-parts.js';
import { OWN_AUTHENTICATE } from './profile/passes-only.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';

/** A strategy class; constructors of mixins are typed so. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript allows a mixin only over a constructor of any[]
export type StrategyClass = new (...args: any[]) => StrategyLike;

export interface GuardedClass<B> {
  readonly Class: B;
  /** Until then an instance runs as its base does. Throws for a strategy that could not be protected. */
  guard(instance: StrategyLike, lockout: Lockout, onLocked: OnLockedFor): void;
}

/** What becomes of a lockout's `onLocked` in these classes. */
type OnLockedFor = (onLocked: GuardParts['onLocked']) => GuardParts['onLocked'];

/** @param label - how the function is called, for errors */
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
  /** Where an instance keeps what guards it; not enumerable, inherited by Passport's child object, and this class's own. */
  const PARTS = Symbol('passport-lockout.parts');
  class WithLockoutStrategy extends Base {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      super(...args);
      if (!(OWN_AUTHENTICATE in this)) Object.defineProperty(this, OWN_AUTHENTICATE, { value: super.authenticate });
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
  return {
    Class: WithLockoutStrategy,
    guard(instance, lockout, onLockedFor) {
      const parts = createParts(instance, () => instance, lockout, strategyOptions);
      const guards = guardsOf(instance);
      if (guards.includes(lockout)) return;
      Object.defineProperty(instance, PARTS, { value: { ...parts, onLocked: onLockedFor(parts.onLocked) } });
      Object.defineProperty(instance, GUARDS, { value: [...guards, lockout], configurable: true });
    },
  };
}

/** An arrow function or a method is none. */
function isClass(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as StrategyClass);
    return true;
  } catch {
    return false;
  }
}
