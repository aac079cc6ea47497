/** A strategy class into which Nest injects its lockout. */
import { Inject } from '@nestjs/common';
import { LockoutConfigError } from '../errors.js';
import { Lockout } from '../lockout.js';
import type { OnLockedFunction } from '../options/answer-types.js';
import type { StrategyOptions } from '../options/types.js';
import type { OnLockedRule } from '../passport/guard-parts.js';
import { guardedClass, type StrategyClass } from '../passport/guarded-class.js';
import { LockoutException } from './lockout-exception.js';

/** A symbol, so that it cannot collide with anything; Nest names it in its error if there is nothing to inject. */
const LOCKOUT = Symbol('passport-lockout/nest: import LockoutModule.forRoot()');
const GUARDED = Symbol('passport-lockout.nest.guarded');

/**
 * Put it below `PassportStrategy`: `class LocalStrategy extends PassportStrategy(LockoutStrategy(Strategy))`. Nothing else changes;
 * Nest injects the lockout of the `LockoutModule`. A refused login throws a {@link LockoutException} with status 429 or 503, unless
 * `onLocked` is a function, or `'respond'` and there is a response: on Fastify a strategy sees none.
 *
 * @throws {LockoutConfigError} for wrong options; when Nest starts, for a strategy that could not be protected
 */
export function LockoutStrategy<B extends StrategyClass>(Base: B, strategyOptions: StrategyOptions = {}): B {
  const { Class, guard } = guardedClass<StrategyClass>('LockoutStrategy()', Base, strategyOptions);
  class InjectedStrategy extends Class {
    /** Injected by Nest as a property, so that constructors stay as they are. */
    set [LOCKOUT](lockout: Lockout) {
      guard(this, lockout, toException);
      Object.defineProperty(this, GUARDED, { value: true });
    }

    /** Lets nobody in until Nest has injected the lockout. */
    override authenticate(...args: never[]): unknown {
      if (GUARDED in this) return super.authenticate(...args);
      const message = `LockoutStrategy(): no Lockout was injected into the strategy "${this.name}"; import LockoutModule.forRoot()`;
      const { error } = this as unknown as { readonly error: (error: Error) => void };
      return Reflect.apply(error, this, [new LockoutConfigError('ERR_LOCKOUT_STRATEGY_INVALID', message)]);
    }
  }
  Inject(Lockout)(InjectedStrategy.prototype, LOCKOUT);
  return InjectedStrategy as unknown as B;
}

/** Nest's default guard drops the status of a failure, and logs the stack of an error that is not its own. */
function toException(onLocked: OnLockedRule): OnLockedRule {
  if (onLocked === 'fail' || onLocked === 'error') return raise;
  // On Fastify a strategy sees no response.
  return onLocked === 'respond' ? { respondElse: raise } : onLocked;
}

const raise: OnLockedFunction = (info, { status, error }) => error(new LockoutException(info, status));
