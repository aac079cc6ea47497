/**
 * A run on the strategy itself, for classes with `#private` members. What is set on the instance is there for one request, so
 * that a second one before the first has ended would be judged without slots of its own, or answered for the other.
 */
import { LockoutConfigError } from '../../errors.js';
import { defineAll, type Members } from './strategy-child.js';

/** The call that runs. */
export interface Runner {
  /** How long an attempt may be verified. */
  readonly leaseMs: number;
  /** Nothing but verify is waited for, so that giving up on it ends the call. */
  readonly awaitsVerify: () => boolean;
  /** Whatever verify still answers is kept from the strategy, on which another request runs. */
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

  /** @returns undefined where another request runs on this instance */
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

  /** Passport has put the actions of a new request on the instance: those of the one that runs are put back. */
  static restore(instance: Members): void {
    const run = BareRun.#running.get(instance);
    if (run) defineAll(instance, run.#set);
  }

  /** Gives the instance members for this run. */
  readonly set = (_self: unknown, members: Members): void => {
    Object.assign(this.#set, members);
    defineAll(this.#instance, members);
  };

  /** The strategy has ended; the next request may run. */
  end(): void {
    if (BareRun.#running.get(this.#instance) === this) BareRun.#running.delete(this.#instance);
  }

  /**
   * Its verdict would hardly be told any more. Only verify is kept from the strategy: one that waits for something else could still
   * wake up, and end the next request.
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

/** @param cause - what its class has thrown */
export function privateMembers(label: string, cause: unknown): LockoutConfigError {
  return new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_PRIVATE',
    `expected "${label}" to work on a child of its instance, as Passport has it for strategies that are used by name, got a class ` +
      'with #private members; pass an instance for each request to passport.authenticate(), with one Lockout for all',
    { cause },
  );
}
