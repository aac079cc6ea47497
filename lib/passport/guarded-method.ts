/**
 * The `authenticate` of a wrapper, and what others replace it with: a tracing agent, or a spy of a test. A replacement mostly calls
 * the method it was given; installed on the strategy below, it would call the guard, which calls the strategy, and so on forever.
 */
import type { Authenticate } from './call/guarded-call.js';
import { guardedCall, runGuarded } from './call/run-guarded.js';
import type { GuardParts } from './guard-parts.js';
import type { AuthenticateArgs, Receiver, StrategyLike } from './strategy-like.js';

type Method = (this: Receiver, ...args: unknown[]) => unknown;

export class GuardedMethod {
  readonly #parts: GuardParts;
  readonly #ownMethod: () => Authenticate;
  readonly #first: Method;
  /** Objects on which a replacement method runs: what it calls on them is guarded already. */
  readonly #guarded = new WeakSet<object>();
  /** The strategy's own method, keyed by what a run on the strategy itself has replaced it with. */
  readonly #below = new WeakMap<Authenticate, Authenticate>();
  current: Method;

  constructor(strategy: StrategyLike, parts: GuardParts) {
    this.#parts = parts;
    const guarded = this.#guarded;
    const authenticate = function authenticate(this: Receiver, ...args: unknown[]): unknown {
      const own = ownMethod();
      const given = args as unknown as AuthenticateArgs;
      const call = guarded.has(this) ? undefined : guardedCall(parts, this, given);
      return call ? call.run(own, given) : Reflect.apply(own, this, args);
    };
    // Read at each call: tracing agents and tests replace the method afterwards.
    const ownMethod = () => {
      const own = strategy.authenticate as Authenticate;
      return this.#below.get(own) ?? own;
    };
    this.#ownMethod = ownMethod;
    this.#first = Object.defineProperty(authenticate, 'length', {
      value: strategy.authenticate.length,
      configurable: true,
    });
    this.current = this.#first;
  }

  /**
   * Replaces the method. The replacement is guarded too, as it may bypass the method it was given.
   *
   * @returns false if it is not a method
   */
  replace(method: unknown): boolean {
    if (typeof method !== 'function') return false;
    if (method === this.#first) return this.restore();
    if (method === this.current) return true;
    this.current = new Proxy(method as Method, {
      apply: (target, self: Receiver, args) =>
        this.#guarded.has(self)
          ? Reflect.apply(target, self, args)
          : runGuarded(this.#parts, self, this.#marking(target, self), args as unknown as AuthenticateArgs),
    });
    return true;
  }

  restore(): true {
    this.current = this.#first;
    return true;
  }

  /** @param receiver - never marked: an unguarded request runs on it, and others may follow on the same object */
  #marking(method: Method, receiver: Receiver): Authenticate {
    const guarded = this.#guarded;
    const marking = function authenticate(this: Receiver, ...args: unknown[]): unknown {
      if (this !== receiver) guarded.add(this);
      return Reflect.apply(method, this, args);
    };
    this.#below.set(marking, this.#ownMethod());
    return marking;
  }
}
