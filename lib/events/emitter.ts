/** An emitter whose listeners cannot hurt a login. */

import { EventEmitter } from 'node:events';
import { type LockoutConfigError, warningHelp } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import { rootCauseOf } from '../util/causes.js';
import { escapeUnsafe } from '../util/printable.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { Mask } from './masking.js';
import type { LockoutEvents, NewWarning, WarningEvent } from './types.js';

/** All that there are, kept whole by the compiler. */
export const EVENT_NAMES = Object.keys({
  ip_blocked: true,
  username_blocked: true,
  blocked: true,
  unblocked: true,
  attempt_failed: true,
  attempt_succeeded: true,
  attempt_refused: true,
  store_error: true,
  warning: true,
} satisfies Record<keyof LockoutEvents, true>) as readonly (keyof LockoutEvents)[];
/** Of any emitter; `events.once` listens to `error` as well. */
const EVENTS_OF_NODE: readonly unknown[] = ['newListener', 'removeListener', 'error'];
const ADDING = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const;

/**
 * An emitter whose listeners cannot hurt a login: what they throw or reject with becomes a `warning`.
 *
 * @throws {LockoutConfigError} by `on` and the like, for an event that there is not and for what is no listener
 */
export class LockoutEmitter extends EventEmitter<LockoutEvents> {
  readonly #warned = new Set<string>();
  /** Keeps what is sensitive out of logs of the payloads. */
  protected mask: Mask | undefined;

  static {
    // Not overridden by name, so that they keep their types.
    for (const method of ADDING) {
      const add = EventEmitter.prototype[method];
      const checked = function (this: LockoutEmitter, event: unknown, listener: unknown): unknown {
        assertEvent(event, listener);
        return Reflect.apply(add, this, [event, listener]);
      };
      Object.defineProperty(LockoutEmitter.prototype, method, { value: checked, configurable: true, writable: true });
    }
  }

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
  protected warn(given: NewWarning): void {
    const warning = toTold(given);
    if (this.listenerCount('warning') > 0) {
      this.notify('warning', () => warning);
      return;
    }
    this.#warnProcess(warning);
  }

  /** As `warn`, but where nobody listens each time: of what is rare by itself. */
  protected warnAgain(given: NewWarning): void {
    const warning = toTold(given);
    if (this.listenerCount('warning') > 0) this.notify('warning', () => warning);
    else this.#emitWarning(warning);
  }

  /** As `warn`, but each warning of this code and message only the first time. */
  protected warnOnce(given: NewWarning): void {
    const warning = toTold(given);
    const known = `${warning.code} ${warning.message}`;
    if (this.#warned.has(known)) return;
    this.#warned.add(known);
    this.warnAgain(given);
  }

  #reportListener(event: string, error: unknown): void {
    const warning = {
      code: 'WARN_LOCKOUT_LISTENER_FAILED',
      message: `a listener of '${event}' failed; logins are not affected`,
      cause: error,
    } as const;
    // A failing listener of `warning` itself would call this for ever.
    if (event === 'warning') this.#warnProcess(toTold(warning));
    else this.warn(warning);
  }

  #warnProcess(warning: WarningEvent): void {
    if (this.#warned.has(warning.code)) return;
    this.#warned.add(warning.code);
    this.#emitWarning(warning);
  }

  #emitWarning({ code, message, cause, help }: WarningEvent): void {
    const made = cause instanceof Error ? `\n${toDetail(cause)}` : '';
    process.emitWarning(message, { type: 'LockoutWarning', code, detail: `See ${help}${made}` });
  }
}

/** The stack alone does not show what an error was made of. */
function toDetail(error: Error): string {
  const stack = error.stack ?? String(error);
  const root = rootCauseOf(error);
  return root === undefined ? stack : `${stack}\n  caused by: ${root}`;
}

/**
 * With the page that explains it, and safe to log: a message may name a strategy, which an application may make of what it was
 * sent, or repeat what a server has said.
 */
export function toTold<T extends NewWarning>(warning: T): T & { readonly help: string } {
  return { ...warning, message: escapeUnsafe(warning.message), help: warningHelp(warning.code) };
}

/** A listener to a mistyped event would never be called, and nobody would know. */
function assertEvent(event: unknown, listener: unknown): void {
  const isKnown = EVENT_NAMES.includes(event as keyof LockoutEvents) || EVENTS_OF_NODE.includes(event);
  if (!isKnown) throw wrong('event', `one of ${EVENT_NAMES.join(', ')}`, event);
  if (typeof listener !== 'function') throw wrong('listener', 'a function', listener);
}

function wrong(what: string, expected: string, got: unknown): LockoutConfigError {
  return invalidOption(what, expected, describeValue(got));
}
