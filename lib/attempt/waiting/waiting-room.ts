/**
 * Holds attempts while all slots of a subject are taken: bounded, with one woken per freed slot. Turns and places are shared out
 * by address, first come first served within each, so no address can starve the others. Slots freed by other processes or by
 * expired leases are found by polling, one waiter per subject at a time.
 */
import type { LockReport } from '../../policy/replies.js';
import { Pacing } from './pacing.js';

/** Try again; the wait timed out; there is no room; or the subject was locked meanwhile. */
export type WaitResult = 'retry' | 'timeout' | 'full' | LockReport;

const FIRST_POLL_MS = 10;
const SLOWEST_POLL_MS = 500;

export interface Wait {
  readonly remainingMs: number;
  /** How often this attempt was woken in vain; above 0 it keeps its place at the front. */
  readonly tries: number;
  /** Undefined if unknown; all unknown addresses count as one. */
  readonly address: string | undefined;
}

interface Waiter {
  readonly address: string | undefined;
  readonly settle: (result: WaitResult) => void;
}

interface Queue {
  /** Waiters by address; the address whose turn is next comes first. */
  readonly lines: Map<string | undefined, Waiter[]>;
  size: number;
  pollTimer: NodeJS.Timeout | undefined;
  pollMs: number;
}

export class WaitingRoom {
  readonly pacing = new Pacing();
  readonly #maxWaiters: number;
  readonly #queues = new Map<string, Queue>();

  constructor(maxWaiters: number) {
    this.#maxWaiters = maxWaiters;
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** How many attempts wait. */
  get size(): number {
    let size = 0;
    for (const queue of this.#queues.values()) size += queue.size;
    return size;
  }

  /** Whether no attempt waits or has to wait; the usual case. */
  get isIdle(): boolean {
    return this.#queues.size === 0 && this.pacing.isIdle;
  }

  /**
   * Whether an attempt has to wait: either its address has to pause, or it has not waited yet and others are waiting whose
   * addresses need not pause.
   */
  mustWait(key: string, address: string | undefined, tries = 0): boolean {
    const now = performance.now();
    if (this.pacing.freeAt(key, address) > now) return true;
    return tries === 0 && this.#waiting(key, now).length > 0;
  }

  /** Whether an attempt from another address would take a slot if one were free. */
  hasOthers(key: string, address: string | undefined): boolean {
    return this.#waiting(key, performance.now()).some((waiting) => waiting !== address);
  }

  wait(key: string, { remainingMs, tries, address }: Wait): Promise<WaitResult> {
    const queue = this.#queues.get(key) ?? this.#open(key, tries);
    if (tries === 0 && queue.size >= this.#maxWaiters && !this.#makeRoom(queue, address)) {
      this.#closeIfEmpty(key, queue);
      return Promise.resolve('full');
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        remove(queue, waiter);
        this.#closeIfEmpty(key, queue);
        resolve('timeout');
      }, remainingMs);
      const waiter: Waiter = {
        address,
        settle: (result) => {
          clearTimeout(timer);
          resolve(result);
        },
      };
      if (tries > 0) addFirst(queue, waiter);
      else addLast(queue, waiter);
    });
  }

  /** Wakes the next waiters, one per free slot and address in turn. */
  wake(key: string, freeSlots: number): void {
    const queue = this.#queues.get(key);
    if (!queue) return;
    for (let free = freeSlots; free > 0; free -= 1) {
      const next = this.#takeNext(key, queue);
      if (!next) break;
      next.settle('retry');
    }
    this.#closeIfEmpty(key, queue);
  }

  /** Ends all waiting for a subject that was locked. */
  refuseAll(key: string, lock: LockReport): void {
    this.#settleAll(key, lock);
  }

  /** Ends all waiting, as if it had timed out. */
  close(): void {
    for (const key of [...this.#queues.keys()]) this.#settleAll(key, 'timeout');
  }

  /** Returns the addresses of waiters that need not pause. */
  #waiting(key: string, now: number): readonly (string | undefined)[] {
    const lines = this.#queues.get(key)?.lines.keys() ?? [];
    return [...lines].filter((address) => this.pacing.freeAt(key, address) <= now);
  }

  #takeNext(key: string, queue: Queue): Waiter | undefined {
    const now = performance.now();
    for (const [address, line] of queue.lines) {
      if (this.pacing.freeAt(key, address) > now) continue;
      const waiter = line[0] as Waiter;
      remove(queue, waiter);
      // Moves the address behind the others for its next turn.
      if (queue.lines.delete(address) && line.length > 0) queue.lines.set(address, line);
      return waiter;
    }
    return undefined;
  }

  /** Takes the last place from the address with the most waiters, for an address with fewer. */
  #makeRoom(queue: Queue, address: string | undefined): boolean {
    const longest = [...queue.lines.values()].reduce((most, line) => (line.length > most.length ? line : most), []);
    const own = queue.lines.get(address)?.length ?? 0;
    const last = longest.at(-1);
    if (!last || longest.length <= own + 1) return false;
    remove(queue, last);
    last.settle('full');
    return true;
  }

  #settleAll(key: string, result: WaitResult): void {
    const queue = this.#queues.get(key);
    if (!queue) return;
    const waiters = [...queue.lines.values()].flat();
    queue.lines.clear();
    queue.size = 0;
    for (const waiter of waiters) waiter.settle(result);
    this.#closeIfEmpty(key, queue);
  }

  #open(key: string, tries: number): Queue {
    const queue: Queue = {
      lines: new Map(),
      size: 0,
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
    if (queue.size > 0) return;
    clearTimeout(queue.pollTimer);
    this.#queues.delete(key);
  }
}

function addLast(queue: Queue, waiter: Waiter): void {
  const line = queue.lines.get(waiter.address);
  if (line) line.push(waiter);
  else queue.lines.set(waiter.address, [waiter]);
  queue.size += 1;
}

/** Puts back at the front a waiter that already had its turn. */
function addFirst(queue: Queue, waiter: Waiter): void {
  const line = [waiter, ...(queue.lines.get(waiter.address) ?? [])];
  const others = [...queue.lines].filter(([address]) => address !== waiter.address);
  queue.lines.clear();
  queue.lines.set(waiter.address, line);
  for (const [address, waiters] of others) queue.lines.set(address, waiters);
  queue.size += 1;
}

function remove(queue: Queue, waiter: Waiter): void {
  const line = queue.lines.get(waiter.address);
  const at = line?.indexOf(waiter) ?? -1;
  if (!line || at < 0) return;
  line.splice(at, 1);
  if (line.length === 0) queue.lines.delete(waiter.address);
  queue.size -= 1;
}
