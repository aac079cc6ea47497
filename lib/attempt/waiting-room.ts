/**
 * Where attempts wait while all slots of a subject are being verified: in order, bounded, one woken per freed slot.
 * Slots freed by other processes or by a lease that timed out are found by polling, one waiter per subject at a time.
 */
import type { LockReport } from '../policy/replies.js';

/** Try again; waited long enough; there is no room; or the subject was locked meanwhile. */
export type WaitResult = 'retry' | 'timeout' | 'full' | LockReport;

const FIRST_POLL_MS = 10;
const SLOWEST_POLL_MS = 500;

interface Waiter {
  readonly settle: (result: WaitResult) => void;
}

interface Queue {
  readonly waiters: Waiter[];
  pollTimer: NodeJS.Timeout | undefined;
  pollMs: number;
}

export class WaitingRoom {
  readonly #maxWaiters: number;
  readonly #queues = new Map<string, Queue>();

  constructor(maxWaiters: number) {
    this.#maxWaiters = maxWaiters;
  }

  /** Whether somebody waits already, so that a newcomer must not overtake. */
  hasWaiters(key: string): boolean {
    return this.#queues.size > 0 && this.#queues.has(key);
  }

  /**
   * @param tries - how often this attempt was woken in vain; above 0 it keeps its place at the front
   */
  wait(key: string, remainingMs: number, tries: number): Promise<WaitResult> {
    const queue = this.#queues.get(key) ?? this.#open(key, tries);
    if (tries === 0 && queue.waiters.length >= this.#maxWaiters) {
      this.#closeIfEmpty(key, queue);
      return Promise.resolve('full');
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        queue.waiters.splice(queue.waiters.indexOf(waiter), 1);
        this.#closeIfEmpty(key, queue);
        resolve('timeout');
      }, remainingMs);
      const waiter: Waiter = {
        settle: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
      };
      if (tries > 0) queue.waiters.unshift(waiter);
      else queue.waiters.push(waiter);
    });
  }

  /** Wakes the first waiters, one per free slot. */
  wake(key: string, freeSlots: number): void {
    const queue = this.#queues.get(key);
    if (!queue) return;
    for (const waiter of queue.waiters.splice(0, Math.max(0, freeSlots))) waiter.settle('retry');
    this.#closeIfEmpty(key, queue);
  }

  /** The subject is locked: nobody has to wait any longer. */
  refuseAll(key: string, lock: LockReport): void {
    this.#settleAll(key, lock);
  }

  /** Ends all waiting, as if the time were over. */
  close(): void {
    for (const key of [...this.#queues.keys()]) this.#settleAll(key, 'timeout');
  }

  #settleAll(key: string, result: WaitResult): void {
    const queue = this.#queues.get(key);
    if (!queue) return;
    for (const waiter of queue.waiters.splice(0)) waiter.settle(result);
    this.#closeIfEmpty(key, queue);
  }

  #open(key: string, tries: number): Queue {
    const queue: Queue = {
      waiters: [],
      pollTimer: undefined,
      pollMs: Math.min(SLOWEST_POLL_MS, FIRST_POLL_MS * 2 ** Math.min(tries, 10)),
    };
    this.#queues.set(key, queue);
    this.#poll(key, queue);
    return queue;
  }

  #poll(key: string, queue: Queue): void {
    queue.pollTimer = setTimeout(() => {
      queue.pollMs = Math.min(SLOWEST_POLL_MS, queue.pollMs * 2);
      this.#poll(key, queue);
      this.wake(key, 1);
    }, queue.pollMs);
  }

  #closeIfEmpty(key: string, queue: Queue): void {
    if (queue.waiters.length > 0) return;
    clearTimeout(queue.pollTimer);
    this.#queues.delete(key);
  }
}
