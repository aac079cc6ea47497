/**
 * A run on the strategy itself, for classes with `#private` members. What is set on the instance is there for one request, so
 * that a second one before the first has ended would be judged without slots of its own, or answered for the other.
 */
import { LockoutConfigError } from '../../errors.js';
import { define } from './strategy-child.js';

type Members = Record<PropertyKey, unknown>;

export class BareRun {
  static readonly #running = new WeakMap<object, BareRun>();

  readonly #instance: Members;
  readonly #set = new Map<string, unknown>();

  private constructor(instance: Members) {
    this.#instance = instance;
  }

  /** @returns undefined where another request runs on this instance */
  static begin(instance: Members): BareRun | undefined {
    if (BareRun.#running.has(instance)) return undefined;
    const run = new BareRun(instance);
    BareRun.#running.set(instance, run);
    return run;
  }

  /** Passport has put the actions of a new request on the instance: those of the one that runs are put back. */
  static restore(instance: Members): void {
    const run = BareRun.#running.get(instance);
    if (!run) return;
    for (const [name, value] of run.#set) define(instance, name, value);
  }

  /** Gives the instance a member for this run. */
  readonly set = (_self: unknown, name: string, value: unknown): void => {
    this.#set.set(name, value);
    define(this.#instance, name, value);
  };

  /** The strategy has ended; the next request may run. */
  end(): void {
    if (BareRun.#running.get(this.#instance) === this) BareRun.#running.delete(this.#instance);
  }
}

export function sharedInstance(label: string): LockoutConfigError {
  return new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_SHARED',
    `expected one request at a time on an instance of "${label}", whose class has #private members, got one before the last ` +
      'had ended; make an instance for each request, with one Lockout for all',
  );
}
