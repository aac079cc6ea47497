/** The wrapper for classes, as NestJS wants them. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import { strategySchema } from '../options/schema.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
import { describeValue } from '../validation/describe-value.js';
import { validateOptions } from '../validation/validate.js';
import type { Authenticate } from './call/guarded-call.js';
import { runGuarded } from './call/run-guarded.js';
import { createParts, GUARDS, type GuardParts, guardsOf, toLockout } from './guard-parts.js';
import { OWN_AUTHENTICATE } from './profile/passes-only.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';

/** A strategy class; constructors of mixins are typed so. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript allows a mixin only over a constructor of any[]
export type StrategyClass = new (...args: any[]) => StrategyLike;

/**
 * The same for classes, as NestJS wants them: `class LocalStrategy extends PassportStrategy(lockoutMixin(Strategy))`.
 *
 * A refused login is an error with `status` 429 (unless `onLocked` is `'respond'` or a function), because Nest's default
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
  if (!isClass(Base)) {
    const message = `lockoutMixin(): expected a strategy class, got ${describeValue(Base)}`;
    throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
  }
  const lockout = toLockout(optionsOrLockout);
  validateOptions(strategySchema, strategyOptions, 'strategy options');
  /** Where an instance keeps what guards it; not enumerable, inherited by Passport's child object, and this class's own. */
  const PARTS = Symbol('passport-lockout.parts');
  class WithLockoutStrategy extends Base {
    static readonly lockout = lockout;

    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      super(...args);
      if (!(OWN_AUTHENTICATE in this)) Object.defineProperty(this, OWN_AUTHENTICATE, { value: super.authenticate });
      const parts = createParts(this, () => this, lockout, strategyOptions);
      const onLocked = parts.onLocked === 'fail' ? 'error' : parts.onLocked;
      const guards = guardsOf(this);
      if (guards.includes(lockout)) return;
      Object.defineProperty(this, PARTS, { value: { ...parts, onLocked } });
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

/** An arrow function or a method is none. */
function isClass(value: unknown): boolean {
  try {
    Reflect.construct(Object, [], value as StrategyClass);
    return true;
  } catch {
    return false;
  }
}
