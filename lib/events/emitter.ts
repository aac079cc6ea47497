/** An emitter whose listeners cannot hurt a login. */
import { EventEmitter } from 'node:events';
import { isThenable } from '../util/awaitable.js';
import type { Mask } from './masking.js';
import type { LockoutEvents, WarningEvent } from './types.js';

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
