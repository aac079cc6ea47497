/** One message when somebody is locked, and then at most one per interval, however many locks there are under attack. */
import type { BlockedEvent, Lockout } from 'passport-lockout';

interface Alert {
  readonly text: string;
  /** The locks it is about, in order. */
  readonly locks: readonly { readonly subject: string; readonly failures: number; readonly until: string }[];
  /** Locks since the last message that are counted, but no longer told one by one. */
  readonly more: number;
}

/** Where alerts go: a webhook, a mail. What it throws is reported and does not affect logins. */
export type Send = (alert: Alert) => Promise<void>;

const MAX_TOLD = 20;

export class Alerts {
  readonly #send: Send;
  readonly #intervalMs: number;
  #waiting: BlockedEvent[] = [];
  #more = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: Send, intervalMs: number) {
    this.#send = send;
    this.#intervalMs = intervalMs;
  }

  /** `blocked` is emitted once per lock, in one of all processes, so nobody is told twice. */
  watch(lockout: Lockout): void {
    lockout.on('blocked', (event) => this.#add(event));
  }

  /** Sends what waits; call it before the process ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
  }

  #add(event: BlockedEvent): void {
    if (this.#waiting.length < MAX_TOLD) this.#waiting.push(event);
    else this.#more += 1;
    // The first at once; what follows is gathered.
    if (this.#timer === undefined) void this.#sendAndWait();
  }

  async #sendAndWait(): Promise<void> {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.length > 0) void this.#sendAndWait();
    }, this.#intervalMs).unref();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    const more = this.#more;
    this.#more = 0;
    if (waiting.length === 0) return;
    const alert = toAlert(waiting, more);
    await this.#send(alert).catch((error: unknown) => console.error('the alert could not be sent:', error));
  }
}

function toAlert(events: readonly BlockedEvent[], more: number): Alert {
  const locks = events.map(({ key, failures, lockedUntil }) => ({
    subject: key,
    failures,
    until: lockedUntil?.toISOString() ?? 'reset',
  }));
  const count = events.length + more;
  return { text: count === 1 ? `Locked: ${locks[0]?.subject}` : `${count} locks`, locks, more };
}
