/** Records what operators do: that an act begins, and what it changed once it has ended. */
import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { GuardedStore } from '../attempt/guarded-store.js';
import { LockoutStoreError } from '../errors.js';
import {
  type ActivityAction,
  type ActivityCounts,
  type ActivityLog,
  type LiftedLock,
  type NewActivity,
  NOT_ENDED,
} from '../stores/activity-log.js';
import type { StoreTrouble } from '../stores/store.js';

/** An act that begins. What is left out is null. */
export interface Beginning {
  readonly action: ActivityAction;
  readonly by: string | null;
  readonly reason?: string | null;
  /** The one subject it is about. */
  readonly dimension?: string | null;
  readonly key?: string | null;
  /** As stores keep them. */
  readonly parts?: NewActivity['parts'];
  readonly undoOf?: string | null;
}

export interface ActivityWriterDeps {
  readonly store: GuardedStore;
  readonly onTrouble: (trouble: StoreTrouble) => void;
}

/** Auditors ask for the last year. */
const RETENTION_MS = 366 * 24 * 3_600_000;
const RANDOM_BYTES = 4;
const LOOK_EVERY_MS = 3_600_000;
/** Beyond this, an operator who looked longest ago is recorded again with the next look. */
const MAX_LOOKING = 1_000;

export class ActivityWriter {
  readonly #deps: ActivityWriterDeps;
  /** Who looked within the last hour; created late, because it allocates all its room at once. */
  #looking: LRUCache<string, true> | undefined;

  constructor(deps: ActivityWriterDeps) {
    this.#deps = deps;
  }

  /**
   * Records that an act begins. Before the act, because an act that nobody finds afterwards is worse than a record of one that
   * failed. Never rejects: a record that cannot be written is reported as a warning, and keeps nobody from freeing a user.
   */
  async begin(beginning: Beginning): Promise<Act> {
    const activity = toActivity(beginning);
    const isKept = await this.#write((log) => log.append(activity, RETENTION_MS));
    return { end: (counts, lifted = null) => (isKept ? this.#end(activity.id, counts, lifted) : Promise.resolve()) };
  }

  /** Records an act that has already ended, where only its success is one: anyone may try an unlock link. */
  async record(beginning: Beginning, counts: ActivityCounts): Promise<void> {
    await this.#write((log) => log.append({ ...toActivity(beginning), counts }, RETENTION_MS));
  }

  /** Records that somebody looks at the admin pages: once an hour, in each process. */
  async look(by: string): Promise<void> {
    this.#looking ??= new LRUCache({ max: MAX_LOOKING, ttl: LOOK_EVERY_MS });
    if (this.#looking.has(by)) return;
    this.#looking.set(by, true);
    await this.record({ action: 'look', by }, {});
  }

  async markUndone(id: string): Promise<void> {
    await this.#write((log) => log.amend(id, { undone: true }));
  }

  async #end(id: string, counts: ActivityCounts, lifted: readonly LiftedLock[] | null): Promise<void> {
    await this.#write((log) => log.amend(id, { counts, lifted }));
  }

  /** @returns whether it was written */
  async #write(write: (log: ActivityLog) => ReturnType<ActivityLog['append']>): Promise<boolean> {
    const { store, onTrouble } = this.#deps;
    const log = store.store.activityLog;
    if (!log) return false;
    const answer = await store.call('recordActivity', () => write(log));
    if (!(answer instanceof LockoutStoreError)) return true;
    onTrouble({
      code: 'WARN_LOCKOUT_ACTIVITY_LOST',
      message: 'what an operator did could not be recorded: the store failed; this alone stops no act',
    });
    return false;
  }
}

/** An act under way. */
export interface Act {
  /**
   * Records what it changed. Never rejects.
   *
   * @param lifted - the locks that it lifted, of one subject
   */
  end(counts: ActivityCounts, lifted?: readonly LiftedLock[] | null): Promise<void>;
}

function toActivity(beginning: Beginning): NewActivity {
  const { action, by, reason = null, dimension = null, key = null, parts = {}, undoOf = null } = beginning;
  return { id: nextId(), action, by, reason, dimension, key, parts, undoOf, ...NOT_ENDED };
}

let sequence = 0;

/** Ascending within a process, so that acts of the same instant keep their order: 24 hexadecimal digits. */
function nextId(): string {
  sequence = (sequence + 1) % 0x1_0000;
  const at = Date.now().toString(16).padStart(12, '0');
  return `${at}${sequence.toString(16).padStart(4, '0')}${randomBytes(RANDOM_BYTES).toString('hex')}`;
}
