/**
 * Acts on many subjects that go on after their form was answered, whoever still looks. They live in this process: another one knows
 * nothing of them, and records in the activity log stay.
 */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ENGINE, type Lockout } from '../../../lockout.js';
import { unblockMatching } from '../../../operator/unblock-matching.js';
import { exactName } from '../../../util/printable.js';
import { isLockoutStoreError } from '../../core/store-failure.js';
import type { BulkCount, BulkFilter } from './bulk-filter.js';

export interface BulkOrder {
  readonly actor: string;
  readonly filter: BulkFilter;
  readonly withOperators: boolean;
  readonly reason: string;
  /** What matched when it began. */
  readonly counted: BulkCount;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export interface BulkJob extends BulkOrder {
  readonly id: string;
  /** `stopped` by an operator, `closed` with the pages, `failed` with the store. */
  readonly state: 'running' | 'finished' | 'stopped' | 'closed' | 'failed';
  readonly freed: number;
  /** Why it failed. */
  readonly message: string | undefined;
}

/** Results are kept while somebody may come back for them. */
const MAX_KEPT = 100;
const ID_BYTES = 12;

interface Entry {
  job: BulkJob;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export class BulkJobs {
  readonly #lockout: Lockout;
  readonly #running = new Map<string, Entry>();
  readonly #ended = new LRUCache<string, BulkJob>({ max: MAX_KEPT });

  constructor(lockout: Lockout) {
    this.#lockout = lockout;
  }

  find(id: string): BulkJob | undefined {
    return this.#running.get(id)?.job ?? this.#ended.get(id);
  }

  /** Each operator has one at a time. */
  runningOf(actor: string): BulkJob | undefined {
    return [...this.#running.values()].find(({ job }) => job.actor === actor)?.job;
  }

  /** @param closing - ends it */
  start(order: BulkOrder, closing: AbortSignal): BulkJob {
    const id = randomBytes(ID_BYTES).toString('hex');
    const stop = new AbortController();
    const job: BulkJob = { ...order, id, state: 'running', freed: 0, message: undefined };
    // In a later turn: what runs must be found.
    const ended = Promise.resolve().then(() => this.#run(id, stop.signal, closing));
    this.#running.set(id, { job, stop, ended });
    return job;
  }

  /** Resolves once it has ended. */
  async stop(id: string): Promise<BulkJob | undefined> {
    const entry = this.#running.get(id);
    entry?.stop.abort();
    await entry?.ended;
    return this.find(id);
  }

  /** Resolves once all have ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** Never rejects: nobody waits for it. */
  async #run(id: string, stopped: AbortSignal, closing: AbortSignal): Promise<void> {
    const entry = this.#running.get(id);
    if (!entry) return;
    const { filter, actor, reason, withOperators } = entry.job;
    const by = exactName(actor);
    const signal = AbortSignal.any([stopped, closing]);
    const onProgress = (freed: number) => {
      entry.job = { ...entry.job, freed };
    };
    let end: Pick<BulkJob, 'state' | 'message'>;
    try {
      const engine = this.#lockout[ENGINE];
      await unblockMatching(engine, { ...filter, by, reason, withOperators, signal, onProgress });
      end = { state: closing.aborted ? 'closed' : stopped.aborted ? 'stopped' : 'finished', message: undefined };
    } catch (error) {
      end = { state: 'failed', message: this.#messageOf(error) };
    }
    this.#running.delete(id);
    this.#ended.set(id, { ...entry.job, ...end });
  }

  #messageOf(error: unknown): string {
    if (isLockoutStoreError(error)) return error.message;
    this.#lockout[ENGINE].warn({
      code: 'WARN_LOCKOUT_ADMIN_FAILED',
      message: 'unblocking many subjects ended with an error; those that were unblocked until then are free',
      cause: error,
    });
    return 'The log of the application says why.';
  }
}

/** By the lockout, so that several mounts of the pages share them. */
const jobs = new WeakMap<Lockout, BulkJobs>();

export function bulkJobsOf(lockout: Lockout): BulkJobs {
  const known = jobs.get(lockout);
  if (known) return known;
  const created = new BulkJobs(lockout);
  jobs.set(lockout, created);
  return created;
}
