/**
 * Verdicts that the store could not be told of. They are told again until it hears them, so that a store that fails at
 * settling only, or for a while, does not hand out a slot for each lease that times out.
 */
import type { SettleReply } from '../policy/replies.js';
import type { Awaitable } from '../util/awaitable.js';

/** Beyond it the oldest is given up: its slot comes back when its lease times out. */
const MAX_PENDING = 10_000;
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 10_000;

/** One verdict: tells the store, which may answer with null again. */
export interface PendingSettle {
  readonly settle: () => Awaitable<SettleReply | null>;
  readonly onSettled: (reply: SettleReply) => void;
}

export class PendingSettles {
  readonly #pending: PendingSettle[] = [];
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  get size(): number {
    return this.#pending.length;
  }

  add(pending: PendingSettle): void {
    if (this.#pending.length >= MAX_PENDING) this.#pending.shift();
    this.#pending.push(pending);
    this.#schedule();
  }

  /** Tries once more and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#retry();
  }

  /** Unreferenced: what is pending must not keep a process from ending, which ends the leases as well. */
  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#retry();
    }, this.#retryMs).unref();
  }

  /** In order, up to the first that fails again: the store is not back, then. */
  async #retry(): Promise<void> {
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      const { settle, onSettled } = next;
      const reply = await settle();
      if (reply === null) {
        this.#pending.unshift(next);
        this.#retryMs = Math.min(SLOWEST_RETRY_MS, this.#retryMs * 2);
        this.#schedule();
        return;
      }
      this.#retryMs = FIRST_RETRY_MS;
      onSettled(reply);
    }
  }
}
