/**
 * Verdicts that the store could not be told of. They are told again until it has heard them, so that a store that fails at
 * settling only, or for a while, counts what it missed, and gives its slots back before the leases time out.
 */
import { LockoutStoreError } from '../errors.js';
import type { SettleReply } from '../policy/replies.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain } from '../util/awaitable.js';

/** Beyond it the oldest is given up: nobody was told of it, and its slot comes back when its lease times out. */
const MAX_PENDING = 10_000;
const FIRST_RETRY_MS = 100;
const SLOWEST_RETRY_MS = 10_000;

/** What the store answered; an error when it did not hear, or not in time. */
type Told = SettleReply | LockoutStoreError;

/** What comes of one question to the store. */
export interface AnswerListener {
  /** An answer that came after its time. */
  onLate(reply: SettleReply): void;
  /** The answer as it will come, in time or not. */
  onAsked(answer: PromiseLike<unknown>): void;
}

/** Tells the store. */
type Settle = (listener: AnswerListener) => Awaitable<Told>;

class Pending implements AnswerListener {
  readonly #settle: Settle;
  readonly #onHeard: (reply: SettleReply) => void;
  /** An answer may come twice: late to the first call, and in time to the next. */
  isHeard = false;
  /**
   * The store may still do it. Told again, a store that hangs for longer than the lease would do it as often as it was told, and
   * one wrong password would lock.
   */
  isUnderWay = false;

  constructor(settle: Settle, onHeard: (reply: SettleReply) => void) {
    this.#settle = settle;
    this.#onHeard = onHeard;
  }

  settle(): Awaitable<Told> {
    return this.#settle(this);
  }

  hear(reply: SettleReply): void {
    if (this.isHeard) return;
    this.isHeard = true;
    this.#onHeard(reply);
  }

  onLate(reply: SettleReply): void {
    this.hear(reply);
  }

  onAsked(answer: PromiseLike<unknown>): void {
    const onOver = () => {
      this.isUnderWay = false;
    };
    this.isUnderWay = true;
    answer.then(onOver, onOver);
  }
}

export class PendingSettles {
  readonly #pending: Pending[] = [];
  #timer: NodeJS.Timeout | undefined;
  #retrying: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  get size(): number {
    return this.#pending.length;
  }

  /**
   * Tells the store now, and again later if it must be.
   *
   * @param onHeard - told once, when the store has heard of it later
   * @returns what the store answered now
   */
  tell(settle: Settle, onHeard: (reply: SettleReply) => void): Awaitable<Told> {
    const item = new Pending(settle, onHeard);
    return chain(item.settle(), (reply) => {
      if (reply instanceof LockoutStoreError) this.#add(item);
      return reply;
    });
  }

  /** Tries once more and ends. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#retrying;
    await this.#retry();
  }

  #add(item: Pending): void {
    if (this.#pending.length >= MAX_PENDING) this.#pending.shift();
    this.#pending.push(item);
    this.#schedule();
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
    const waiting: Pending[] = [];
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      if (next.isHeard) continue;
      if (next.isUnderWay) {
        waiting.push(next);
        continue;
      }
      const reply = await next.settle();
      if (reply instanceof LockoutStoreError) {
        waiting.push(next);
        this.#retryMs = Math.min(SLOWEST_RETRY_MS, this.#retryMs * 2);
        break;
      }
      this.#retryMs = FIRST_RETRY_MS;
      next.hear(reply);
    }
    this.#pending.push(...waiting);
  }
}
