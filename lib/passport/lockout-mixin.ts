/** Guards strategy classes instead of instances. */
import type { Lockout } from '../lockout.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { type OnLockedRule, toLockout } from './guard-parts.js';
import { guardedClass, type StrategyClass } from './guarded-class.js';

/**
 * Like `withLockout`, but for classes, as NestJS expects them: `class LocalStrategy extends
 * PassportStrategy(lockoutMixin(Strategy))`. If Nest is to inject the lockout, use `LockoutStrategy` of `passport-lockout/nest`.
 *
 * A refused login is an error with `status` 429 (unless `onLocked` is a function, or `'respond'` and there is a response), because
 * Nest's default guard drops the status of a failure and would answer 401. What `validate` throws is judged like any other error of
 * a verify function: `UnauthorizedException` and the like mean a wrong password.
 *
 * @throws {LockoutConfigError} if options are wrong, or, when an instance is created, if the strategy cannot be protected
 */
export function lockoutMixin<B extends StrategyClass>(
  Base: B,
  optionsOrLockout: LockoutOptions | Lockout = {},
  strategyOptions: StrategyOptions = {},
): B & {
  /** The lockout that all instances of the class share. */
  readonly lockout: Lockout;
} {
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

/** On Fastify a strategy has no access to the response. */
function neverFail(onLocked: OnLockedRule): OnLockedRule {
  if (onLocked === 'fail') return 'error';
  return onLocked === 'respond' ? { respondElse: 'error' } : onLocked;
}
