import type { Channel } from 'node:diagnostics_channel';
import { EventEmitter } from 'node:events';
import { type LockoutConfigError, warningHelp } from '../errors.js';
import { ATTEMPTS, BLOCKS, SIGNALS, STORE_ERRORS, UNBLOCKS } from '../telemetry/channels.js';
import { isThenable } from '../util/awaitable.js';
import { rootCauseOf } from '../util/causes.js';
import { escapeUnsafe } from '../util/printable.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { Mask } from './masking.js';
import type { LockoutEvents, NewWarning, PublishedEvent, WarningEvent } from './types.js';

/** The channel of each event. `blocked` has every lock, so the other two need none; and a warning is for people. */
const CHANNELS: Readonly<Record<keyof LockoutEvents, Channel | undefined>> = {
  ip_blocked: undefined,
  username_blocked: undefined,
  blocked: BLOCKS,
  unblocked: UNBLOCKS,
  attempt_failed: ATTEMPTS,
  attempt_succeeded: ATTEMPTS,
  attempt_refused: ATTEMPTS,
  spray_detected: SIGNALS,
  attack_suspected: SIGNALS,
  attack_over: SIGNALS,
  store_error: STORE_ERRORS,
  warning: undefined,
};
/** All event names; the compiler makes sure that none is missing. */
export const EVENT_NAMES = Object.keys(CHANNELS) as readonly (keyof LockoutEvents)[];
/** Events of any emitter; `events.once` listens to `error` as well. */
const EVENTS_OF_NODE: readonly unknown[] = ['newListener', 'removeListener', 'error'];
const ADDING = ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const;

/**
 * An emitter whose listeners cannot break a login: if one throws or rejects, a `warning` is emitted.
 *
 * @throws {LockoutConfigError} from `on` and the like, for an unknown event or a listener that is not a function
 */
export class LockoutEmitter extends EventEmitter<LockoutEvents> {
  readonly #warned = new Set<string>();
  /** Keeps sensitive values out of logs of the payloads. */
  protected mask: Mask | undefined;

  static {
    // Not overridden as methods, so that they keep their types.
    for (const method of ADDING) {
      const add = EventEmitter.prototype[method];
      const checked = function (this: LockoutEmitter, event: unknown, listener: unknown): unknown {
        assertEvent(event, listener);
        return Reflect.apply(add, this, [event, listener]);
      };
      Object.defineProperty(LockoutEmitter.prototype, method, { value: checked, configurable: true, writable: true });
    }
  }

  /** Emits an event and publishes it on its channel; the payload is built only if somebody listens or has subscribed. */
  protected notify<K extends keyof LockoutEvents>(event: K, payload: () => LockoutEvents[K][0]): void {
    const channel = CHANNELS[event];
    const isPublished = channel?.hasSubscribers === true;
    if (!isPublished && this.listenerCount(event) === 0) return;
    const built = this.mask ? this.mask(payload()) : payload();
    if (isPublished) channel.publish({ event, payload: built, lockout: this } satisfies PublishedEvent<K>);
    for (const listener of this.rawListeners(event)) {
      try {
        const result: unknown = Reflect.apply(listener, this, [built]);
        if (isThenable(result)) result.then(undefined, (error: unknown) => this.#reportListener(event, error));
      } catch (error) {
        this.#reportListener(event, error);
      }
    }
  }

  /** Emits `warning`; if nobody listens, a process warning of Node instead, once per code. */
  protected warn(given: NewWarning): void {
    const warning = toTold(given);
    if (this.listenerCount('warning') > 0) {
      this.notify('warning', () => warning);
      return;
    }
    this.#warnProcess(warning);
  }

  /** Like `warn`, but emits every process warning: for rare events. */
  protected warnAgain(given: NewWarning): void {
    const warning = toTold(given);
    if (this.listenerCount('warning') > 0) this.notify('warning', () => warning);
    else this.#emitWarning(warning);
  }

  /** Like `warn`, but emits each combination of code and message only once. */
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
    // A failing listener of `warning` itself would cause an endless loop.
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

/** Adds the root cause, which the stack alone does not show. */
function toDetail(error: Error): string {
  const stack = error.stack ?? String(error);
  const root = rootCauseOf(error);
  return root === undefined ? stack : `${stack}\n  caused by: ${root}`;
}

/**
 * Adds the page that explains the warning, and makes the message safe to log: it may contain the name of a strategy, which an
 * application may derive from a request, or the words of a server.
 */
export function toTold<T extends NewWarning>(warning: T): T & { readonly help: string } {
  return { ...warning, message: escapeUnsafe(warning.message), help: warningHelp(warning.code) };
}

/** A listener for a mistyped event would never be called, and nobody would know. */
function assertEvent(event: unknown, listener: unknown): void {
  const isKnown = EVENT_NAMES.includes(event as keyof LockoutEvents) || EVENTS_OF_NODE.includes(event);
  if (!isKnown) throw wrong('event', `one of ${EVENT_NAMES.join(', ')}`, event);
  if (typeof listener !== 'function') throw wrong('listener', 'a function', listener);
}

function wrong(what: string, expected: string, got: unknown): LockoutConfigError {
  return invalidOption(what, expected, describeValue(got));
}
