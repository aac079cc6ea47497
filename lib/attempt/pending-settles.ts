/**
 * Verdicts that the store could not be told of. They are told again until it has heard them, so that a store that fails at
 * settling only, or for a while, counts what it missed, and gives its slots back before the leases time out.
 */
import { LockoutStoreError } from '../errors.js';
import type { SettleReply } from '../policy/replies.js';
import type { Awaitable } from '../util/awaitable.js';

/** Beyond it the oldest is given up: nobody was told of it, and its slot comes back when its lease times out. */
const MAX_PENDING = 10_000;
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 10_000;

/** A verdict. An answer may come twice: late to the first call, and in time to the next. */
interface Pending {
  isHeard: boolean;
  /**
   * The store may still do it. Told again, a store that hangs for longer than the lease would do it as often as it was told, and
   * one wrong password would lock.
   */
  isUnderWay: boolean;
}

interface PendingParts<T> {
  /** Tells the store once more. An error when it did not hear, or not in time; an answer after that comes to `onLate`. */
  readonly settle: (item: T) => Awaitable<SettleReply | LockoutStoreError>;
  /** Told once, when the store has heard of it. */
  readonly onHeard: (item: T, reply: SettleReply) => void;
}

export class PendingSettles<T extends Pending> {
  readonly #parts: PendingParts<T>;
  readonly #pending: T[] = [];
  #timer: NodeJS.Timeout | undefined;
  #retrying: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(parts: PendingParts<T>) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#pending.length;
  }

  /** The store has not heard of it: it is told again until it has. */
  add(item: T): void {
    if (this.#pending.length >= MAX_PENDING) this.#pending.shift();
    this.#pending.push(item);
    this.#schedule();
  }

  /** Told of the call that tells the store. */
  onAsked(item: T, answer: PromiseLike<unknown>): void {
    const onOver = () => {
      item.isUnderWay = false;
    };
    item.isUnderWay = true;
    answer.then(onOver, onOver);
  }

  /** The store has heard of it after all. */
  onLate(item: T, reply: SettleReply): void {
    if (item.isHeard) return;
    item.isHeard = true;
    this.#parts.onHeard(item, reply);
  }

  /** Tries once more and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#retrying;
    await this.#retry();
  }

  /** Unreferenced: what is pending must not keep a process from ending, which ends the leases as well. */
  #schedule(): void {
    if (this.#isClosed || this.#retrying) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#retrying = this.#retry().finally(() => {
        this.#retrying = undefined;
        if (this.#pending.length > 0) this.#schedule();
      });
    }, this.#retryMs).unref();
  }

  /**
   * In order, up to the first that fails again: the store is not back, then. That one goes to the end, for it may be the only one
   * that fails.
   */
  async #retry(): Promise<void> {
    const waiting: T[] = [];
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      if (next.isHeard) continue;
      if (next.isUnderWay) {
        waiting.push(next);
        continue;
      }
      const reply = await this.#parts.settle(next);
      if (reply instanceof LockoutStoreError) {
        waiting.push(next);
        this.#retryMs = Math.min(SLOWEST_RETRY_MS, this.#retryMs * 2);
        break;
      }
      this.#retryMs = FIRST_RETRY_MS;
      this.onLate(next, reply);
    }
    this.#pending.push(...waiting);
  }
}
