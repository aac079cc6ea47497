/**
 * The attempts that this process is verifying. One that ends soon costs a place in a list. One that is open for long is looked
 * at once a second, by one timer for all: it may have been answered by verify itself, or hang, and its lease would end with
 * nobody noticing.
 */
import type { Ticket } from './ticket.js';

/** Few verify functions take longer. */
const LONG_MS = 1_000;

/** What is done about those that are open for long; each look may delete some. */
export interface Watcher {
  /** Told once of each, before the first look. */
  onLong(ticket: Ticket): void;
  /** @param tickets - those that are open for long, oldest first */
  look(tickets: Iterable<Ticket>, now: number): void;
}

export class OpenTickets {
  /** Also how often is looked: so late at most a lease that is over is found. */
  readonly #longMs: number;
  readonly #watcher: Watcher;
  /** Both oldest first, as sets keep their order. */
  readonly #recent = new Set<Ticket>();
  readonly #long = new Set<Ticket>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(leaseMs: number, watcher: Watcher) {
    this.#longMs = Math.min(LONG_MS, leaseMs);
    this.#watcher = watcher;
  }

  add(ticket: Ticket): void {
    this.#recent.add(ticket);
    // Unreferenced: what hangs must not keep a process from ending, which ends the leases as well.
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#look(), this.#longMs).unref();
  }

  /** @returns false if it was given up already */
  delete(ticket: Ticket): boolean {
    return this.#recent.delete(ticket) || this.#long.delete(ticket);
  }

  /** Ends the timer; what is open may still end. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    for (const ticket of this.#recent) {
      if (now - ticket.openedAt < this.#longMs) break;
      this.#recent.delete(ticket);
      this.#long.add(ticket);
      this.#watcher.onLong(ticket);
    }
    if (this.#long.size > 0) this.#watcher.look(this.#long, now);
    if (this.#recent.size + this.#long.size === 0) this.#timer = undefined;
    else if (!this.#isClosed) this.#timer?.refresh();
  }
}
