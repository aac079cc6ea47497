/**
 * A run on the strategy itself, for classes with `#private` members. What is set on the instance belongs to one request: a second
 * one starting before the first has ended would be judged without slots of its own, or answered in place of the other.
 */
import { LockoutConfigError } from '../../errors.js';
import { defineAll, type Members } from './strategy-child.js';

/** The call that is running. */
export interface Runner {
  /** How long verifying an attempt may take. */
  readonly leaseMs: number;
  /** Whether verify is all that is pending, so that giving up on it ends the call. */
  readonly awaitsVerify: () => boolean;
  /** Keeps any later answer of verify from the strategy, on which another request runs. */
  readonly abandon: () => void;
}

export class BareRun {
  static readonly #running = new WeakMap<object, BareRun>();

  readonly #instance: Members;
  readonly #runner: Runner;
  readonly #set: Members = {};
  readonly #startedAt = performance.now();

  private constructor(instance: Members, runner: Runner) {
    this.#instance = instance;
    this.#runner = runner;
  }

  /** @returns undefined if another request runs on this instance */
  static begin(instance: Members, runner: Runner): BareRun | undefined {
    const before = BareRun.#running.get(instance);
    if (before) {
      if (!before.#isOverdue()) return undefined;
      before.#runner.abandon();
    }
    const run = new BareRun(instance, runner);
    BareRun.#running.set(instance, run);
    return run;
  }

  /** Restores the actions of the running request after Passport has put those of a new one on the instance. */
  static restore(instance: Members): void {
    const run = BareRun.#running.get(instance);
    if (run) defineAll(instance, run.#set);
  }

  /** Sets members on the instance for this run. */
  readonly set = (_self: unknown, members: Members): void => {
    Object.assign(this.#set, members);
    defineAll(this.#instance, members);
  };

  /** Called when the strategy has ended; the next request may run. */
  end(): void {
    if (BareRun.#running.get(this.#instance) === this) BareRun.#running.delete(this.#instance);
  }

  /**
   * Whether a verdict would hardly be delivered any more. Only verify can be kept from the strategy: a strategy that waits for
   * something else could still resume, and end the next request.
   */
  #isOverdue(): boolean {
    const { leaseMs, awaitsVerify } = this.#runner;
    return performance.now() - this.#startedAt >= leaseMs && awaitsVerify();
  }
}

export function sharedInstance(label: string): LockoutConfigError {
  return new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_SHARED',
    `expected one request at a time on an instance of "${label}", whose class has #private members, got one before the last ` +
      'had ended; make an instance for each request, with one Lockout for all',
  );
}

/** @param cause - the error thrown by the strategy's class */
export function privateMembers(label: string, cause: unknown): LockoutConfigError {
  return new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_PRIVATE',
    `expected "${label}" to work on a child of its instance, as Passport has it for strategies that are used by name, got a class ` +
      'with #private members; pass an instance for each request to passport.authenticate(), with one Lockout for all',
    { cause },
  );
}
