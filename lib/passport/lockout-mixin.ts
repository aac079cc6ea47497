/** The wrapper for classes, as NestJS wants them. */
import { LockoutConfigError } from '../errors.js';
import type { Lockout } from '../lockout.js';
import { strategySchema } from '../options/schema.js';
import type { LockoutOptions, StrategyOptions } from '../options/types.js';
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
  readingStrategy,
  toLockout,
} from './guard-parts.js';
import { watchForPassing } from './passed-by.js';
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
  const GUARD = Symbol('passport-lockout.guard');
  class WithLockoutStrategy extends Base {
    static readonly lockout = lockout;

    // biome-ignore lint/suspicious/noExplicitAny: as above
    constructor(...args: any[]) {
      super(...args);
      readingStrategy('lockoutMixin()', () => this.#protect());
    }

    #protect(): void {
      assertExtensible(this);
      // A member of the instance stands in front of this class's method, so that it is what is guarded.
      const own = Object.hasOwn(this, 'authenticate') ? this.authenticate : undefined;
      if (!(OWN_AUTHENTICATE in this)) {
        Object.defineProperty(this, OWN_AUTHENTICATE, { value: own ?? super.authenticate });
      }
      const parts = createParts(this, () => this, lockout, strategyOptions);
      const guards = guardsOf(this);
      if (guards.includes(lockout)) return;
      const onRun = watchForPassing(this, parts);
      const guarded: GuardParts = { ...parts, onLocked: parts.onLocked === 'fail' ? 'error' : parts.onLocked };
      const guard: Guard = (receiver, authenticate, call) => {
        onRun();
        return runGuarded(guarded, receiver, authenticate, call);
      };
      Object.defineProperty(this, GUARD, { value: guard });
      Object.defineProperty(this, GUARDS, { value: [...guards, lockout], configurable: true });
      if (own) define(this as never, 'authenticate', guardedOwn(guard, own as Authenticate));
    }

    override authenticate(...args: never[]): unknown {
      const { [GUARD]: guard } = this as unknown as { readonly [GUARD]?: Guard };
      if (!guard) return super.authenticate(...args);
      return guard(
        this as unknown as Receiver,
        super.authenticate as Authenticate,
        args as unknown as AuthenticateArgs,
      );
    }
  }
  return WithLockoutStrategy;
}

/** What guards an instance is kept on it. */
function assertExtensible(strategy: object): void {
  assertReplaceable(strategy, 'lockoutMixin()');
  if (Object.isExtensible(strategy)) return;
  const message = 'lockoutMixin(): expected a class whose instances may be given members, got a frozen one';
  throw new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message);
}

/** Runs an `authenticate` of the strategy's own, guarded. */
type Guard = (receiver: Receiver, authenticate: Authenticate, args: AuthenticateArgs) => unknown;

function guardedOwn(guard: Guard, own: Authenticate): Authenticate {
  return function authenticate(this: Receiver, ...args: unknown[]): unknown {
    return guard(this, own, args as unknown as AuthenticateArgs);
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
