/** What a `Lockout` tells its listeners. */
import { EventEmitter } from 'node:events';
import type { Duration } from 'luxon';
import type { AttemptFacts } from '../subject/attempt.js';
import type { SubjectParts } from '../subject/key.js';
import type { Mask } from './masking.js';

/** A subject as events and the management API show it. */
export interface SubjectFacts {
  /** `ip`, `username`, `ip+username`, ... */
  readonly dimension: string;
  /** The value of each part, e.g. `{ username: 'alice' }`; pseudonyms where the clear value is not known. */
  readonly subject: SubjectParts;
  readonly key: string;
}

export interface BlockedEvent extends SubjectFacts {
  /** Index in the ladder, from 0, one past its end for the hard stop; null when an operator blocked. */
  readonly tier: number | null;
  readonly failures: number;
  /** Since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Null: until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null: until reset. */
  readonly retryAfter: Duration | null;
  /** As given to `block`; `'hard stop'` for that; null for a tier. */
  readonly reason: string | null;
  /** Who blocked, as given to `block`; null for a tier. */
  readonly by: string | null;
  /** The attempt that crossed the tier; null when an operator blocked. */
  readonly attempt: AttemptFacts | null;
  /** False in `mode: 'monitor'`: nobody is refused. */
  readonly enforced: boolean;
}

export interface UnblockedEvent extends SubjectFacts {
  readonly failures: number;
  readonly by: string | null;
}

export interface CountedSubject extends SubjectFacts {
  /** After this attempt. */
  readonly failures: number;
}

export interface AttemptEvent {
  readonly attempt: AttemptFacts;
  /** Every subject the attempt was counted on. */
  readonly subjects: readonly CountedSubject[];
}

export type RefusalReason = 'locked' | 'busy' | 'denied' | 'store_error';

export interface AttemptRefusedEvent {
  readonly attempt: AttemptFacts;
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly by: SubjectFacts | undefined;
  /** Null when there is no time after which a retry makes sense. */
  readonly retryAfter: Duration | null;
  readonly enforced: boolean;
}

export interface StoreErrorEvent {
  readonly operation: string;
  readonly error: Error;
}

export interface WarningEvent {
  /** Stable, `WARN_LOCKOUT_...`; the README explains each. */
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
  /** The option that it is about, where there is one. */
  readonly option?: string;
}

/** Events and what their listeners are given. No event is named `error`, so that no listener can be missing. */
export interface LockoutEvents {
  /** A subject of the `ip` dimension was locked; once per lock, in one process of all. */
  ip_blocked: [BlockedEvent];
  /** The same for the `username` dimension. */
  username_blocked: [BlockedEvent];
  /** The same for any dimension, these two included. */
  blocked: [BlockedEvent];
  /** A locked subject was freed by `unblock`, `reset`, `erase` or an unlock token. */
  unblocked: [UnblockedEvent];
  attempt_failed: [AttemptEvent];
  attempt_succeeded: [AttemptEvent];
  attempt_refused: [AttemptRefusedEvent];
  store_error: [StoreErrorEvent];
  warning: [WarningEvent];
}

/** An emitter whose listeners cannot hurt a login: what they throw or reject with becomes a `warning`. */
export class LockoutEmitter extends EventEmitter<LockoutEvents> {
  readonly #warned = new Set<string>();
  /** Keeps what is sensitive out of logs of the payloads. */
  protected mask: Mask | undefined;

  /** Builds the payload only for somebody who listens. */
  protected notify<K extends keyof LockoutEvents>(event: K, payload: () => LockoutEvents[K][0]): void {
    if (this.listenerCount(event) === 0) return;
    const built = this.mask ? this.mask(payload()) : payload();
    for (const listener of this.rawListeners(event)) {
      try {
        const result: unknown = Reflect.apply(listener, this, [built]);
        if (isThenable(result)) result.then(undefined, (error: unknown) => this.#reportListener(event, error));
      } catch (error) {
        this.#reportListener(event, error);
      }
    }
  }

  /** Emits `warning`; where nobody listens, Node's own process warning says it once per code. */
  protected warn(warning: WarningEvent): void {
    if (this.listenerCount('warning') > 0) {
      this.notify('warning', () => warning);
      return;
    }
    this.#warnProcess(warning);
  }

  /** As `warn`, but each warning of this code and message only the first time. */
  protected warnOnce(warning: WarningEvent): void {
    const known = `${warning.code} ${warning.message}`;
    if (this.#warned.has(known)) return;
    this.#warned.add(known);
    if (this.listenerCount('warning') > 0) this.notify('warning', () => warning);
    else this.#emitWarning(warning);
  }

  #reportListener(event: string, error: unknown): void {
    const warning = {
      code: 'WARN_LOCKOUT_LISTENER_FAILED',
      message: `a listener of '${event}' failed; logins are not affected`,
      cause: error,
    };
    // A failing listener of `warning` itself would call this for ever.
    if (event === 'warning') this.#warnProcess(warning);
    else this.warn(warning);
  }

  #warnProcess(warning: WarningEvent): void {
    if (this.#warned.has(warning.code)) return;
    this.#warned.add(warning.code);
    this.#emitWarning(warning);
  }

  #emitWarning({ code, message, cause }: WarningEvent): void {
    const detail = cause instanceof Error ? cause.stack : undefined;
    process.emitWarning(message, { type: 'LockoutWarning', code, ...(detail === undefined ? {} : { detail }) });
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
