/**
 * The attempts this process is verifying. A short one costs only an entry in a set. A long one is checked once a second, by one
 * timer for all: verify may have answered the client itself, or hang, and the lease would expire unnoticed.
 */
import type { Ticket } from './ticket.js';

/** Few verify functions take longer. */
const LONG_MS = 1_000;

/** Handles tickets that have been open for long; each look may delete some. */
export interface Watcher {
  /** Called once per ticket, before the first look. */
  onLong(ticket: Ticket): void;
  /** @param tickets - the long-open ones, oldest first */
  look(tickets: Iterable<Ticket>, now: number): void;
}

export class OpenTickets {
  /** Also the check interval, so an expired lease is found at most this late. */
  readonly #longMs: number;
  readonly #watcher: Watcher;
  /** Both sets are oldest first, as sets keep insertion order. */
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
    // Unreferenced: a hanging attempt must not keep the process alive; without the process its leases expire anyway.
    if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#look(), this.#longMs).unref();
  }

  /** @returns false if the ticket was already given up */
  delete(ticket: Ticket): boolean {
    return this.#recent.delete(ticket) || this.#long.delete(ticket);
  }

  /** Stops the timer; open tickets may still be settled. */
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
