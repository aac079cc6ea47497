/**
 * Holds the entries of logins until they are answered. Passport changes the session id after the strategy has succeeded (against
 * session fixation); by the time of the answer, the id is the one that the later logout will have.
 */

import type { NewAttemptEntry } from '../stores/attempt-log.js';
import { asked } from '../util/asked.js';
import { responseOf } from '../util/response-of.js';
import { hashOfSession } from './entry.js';

/** A login not answered by then is logged as it is; so is one whose framework does not expose the response. */
const LONGEST_WAIT_MS = 5_000;
/** Bounds the requests held in memory; further logins are logged at once. */
const MAX_OPEN = 1_000;

interface Held {
  readonly entry: NewAttemptEntry;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export class OpenLogins {
  readonly #log: (entry: NewAttemptEntry, at: number) => void;
  /** By request, because one request may log in several times; the longest waiting comes first. */
  readonly #open = new Map<object, Held[]>();
  #timer: NodeJS.Timeout | undefined;

  /** @param log - receives the entries, with the monotonic time of the login */
  constructor(log: (entry: NewAttemptEntry, at: number) => void) {
    this.#log = log;
  }

  /** @returns true if the entry will be logged later; false if there is nothing to wait for */
  hold(entry: NewAttemptEntry, req: object | undefined): boolean {
    if (!req || entry.sessionHash === null) return false;
    const at = performance.now();
    const known = this.#open.get(req);
    if (known) return known.push({ entry, at }) > 0;
    const res = responseOf(req);
    if (res?.writableEnded || this.#open.size >= MAX_OPEN) return false;
    this.#open.set(req, [{ entry, at }]);
    asked(() => res?.once?.('close', () => this.#end(req)));
    // Unreferenced: the log alone must not keep a process alive; `close` writes what is left.
    this.#timer ??= setTimeout(() => this.#endPast(), LONGEST_WAIT_MS).unref();
    return true;
  }

  /** Logs all held entries as they are now. */
  flush(): void {
    for (const req of [...this.#open.keys()]) this.#end(req);
  }

  #end(req: object): void {
    const held = this.#open.get(req);
    this.#open.delete(req);
    if (this.#open.size === 0) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    for (const { entry, at } of held ?? []) this.#log({ ...entry, sessionHash: hashOfSession(req) }, at);
  }

  #endPast(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [req, [first]] of [...this.#open]) {
      const left = (first as Held).at + LONGEST_WAIT_MS - now;
      if (left <= 0) this.#end(req);
      else {
        this.#timer ??= setTimeout(() => this.#endPast(), Math.ceil(left)).unref();
        return;
      }
    }
  }
}
