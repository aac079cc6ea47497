/**
 * Verdicts that could not be passed to the store. They are retried until the store has recorded them, so a store that fails only
 * at settling, or for a while, still counts what it missed and releases its slots before the leases expire.
 */
import { LockoutStoreError } from '../errors.js';
import type { SettleReply } from '../policy/replies.js';
import type { Awaitable } from '../util/awaitable.js';
import { isUnanswered } from '../util/unanswered.js';

/** Beyond this the oldest is dropped: its verdict was not disclosed, and its slot comes back when its lease expires. */
const MAX_PENDING = 10_000;
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 10_000;

/** A pending verdict. It may be answered twice: late by the first call, and in time by the next. */
interface Pending {
  isHeard: boolean;
  /**
   * Whether the store may still process it. If retried meanwhile, a store that hangs for longer than the lease would count it once
   * per call, and one wrong password would lock.
   */
  isUnderWay: boolean;
  /** Whether a call that failed, or whose answer made no sense, may have been carried out. */
  mayBeSettled: boolean;
}

interface PendingParts<T> {
  /** Retries the store call. Returns an error if it failed or timed out; a late answer goes to `onLate`. */
  readonly settle: (item: T) => Awaitable<SettleReply | LockoutStoreError>;
  /** Called once, when the store has recorded the verdict. */
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

  /** Adds a verdict the store has not recorded, to be retried until it has. */
  add(item: T): void {
    if (this.#pending.length >= MAX_PENDING) this.#pending.shift();
    this.#pending.push(item);
    this.#schedule();
  }

  /** Called with the answer of each store call for a verdict. */
  onAsked(item: T, answer: PromiseLike<unknown>): void {
    item.isUnderWay = true;
    answer.then(
      () => {
        item.isUnderWay = false;
        item.mayBeSettled = true;
      },
      (error: unknown) => {
        item.isUnderWay = false;
        item.mayBeSettled ||= isUnanswered(error);
      },
    );
  }

  /** Called when the store has recorded a verdict after all. */
  onLate(item: T, reply: SettleReply): void {
    if (item.isHeard) return;
    item.isHeard = true;
    this.#parts.onHeard(item, reply);
  }

  /** Retries once more and stops. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#retrying;
    await this.#retry();
  }

  /** Unreferenced: pending verdicts must not keep the process alive; without the process its leases expire anyway. */
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
   * Retries in order, up to the first that fails again: the store is not back yet. That one moves to the end, as it may be the only
   * one that fails.
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
