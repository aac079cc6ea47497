/** The wrapper for classes. */
import type { Lockout } from '../lockout.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { type OnLockedRule, toLockout } from './guard-parts.js';
import { guardedClass, type StrategyClass } from './guarded-class.js';

/**
 * The same for classes, as NestJS wants them: `class LocalStrategy extends PassportStrategy(lockoutMixin(Strategy))`. Where Nest
 * is to inject the lockout, take `LockoutStrategy` of `passport-lockout/nest`.
 *
 * A refused login is an error with `status` 429 (unless `onLocked` is `'respond'` and there is a response, or a function), because Nest's default
 * guard drops the status of a failure and would answer 401. What `validate` throws is judged as any other error of a verify
 * function: `UnauthorizedException` and the like say that the password is wrong.
 *
 * @throws {LockoutConfigError} for wrong options; when an instance is made, for a strategy that could not be protected
 */
export function lockoutMixin<B extends StrategyClass>(
  Base: B,
  optionsOrLockout: LockoutOptions | Lockout = {},
  strategyOptions: StrategyOptions = {},
): B & { readonly lockout: Lockout } {
  const { Class, guard } = guardedClass<StrategyClass>('lockoutMixin()', Base, strategyOptions);
  const lockout = toLockout(optionsOrLockout);
  class WithOwnLockout extends Class {
    static readonly lockout = lockout;

    // biome-ignore lint/suspicious/noExplicitAny: TypeScript allows a mixin only over a constructor of any[]
    constructor(...args: any[]) {
      super(...args);
      guard(this, lockout, neverFail);
    }
  }
  return WithOwnLockout as unknown as B & { readonly lockout: Lockout };
}

/** On Fastify a strategy sees no response. */
function neverFail(onLocked: OnLockedRule): OnLockedRule {
  if (onLocked === 'fail') return 'error';
  return onLocked === 'respond' ? { respondElse: 'error' } : onLocked;
}
