/** Reads what operators did. */
import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import { toDate } from '../events/payloads.js';
import type { SubjectRecord } from '../policy/replies.js';
import type {
  ActivityAction,
  ActivityCounts,
  ActivityEntry,
  ActivityLog,
  ActivityPosition,
  LiftedLock,
} from '../stores/activity-log.js';
import type { SubjectParts } from '../subject/key.js';
import { toPrintable } from '../util/printable.js';
import { aDate, anObject, custom, DEFAULT_PAGE, oneOf, pageLimit, text } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { ask } from './each-record.js';
import type { Page } from './pages.js';

/** Which acts of operators `activity` returns. */
export interface ActivityListQuery {
  /** Only what this operator did. */
  readonly by?: string | undefined;
  /** Only acts of this kind. */
  readonly action?: ActivityAction | undefined;
  /** Only acts on exactly this subject, by its key as in `list`. */
  readonly key?: string | undefined;
  /** Only acts from this time on. */
  readonly since?: Date | undefined;
  /** Only acts before this time. */
  readonly until?: Date | undefined;
  /**
   * The size of a page, 1 to 1,000.
   * @default 100
   */
  readonly limit?: number | undefined;
  /** The `cursor` of the previous page; null for the first page. */
  readonly cursor?: string | null | undefined;
}

/** What an operator did. */
export interface ActivityRecord {
  /** Identifies the act, for `undo`. */
  readonly id: string;
  /** When it began. */
  readonly at: Date;
  /** What was done. */
  readonly action: ActivityAction;
  /** The operator's name; null if none was given. */
  readonly by: string | null;
  /** Why, as the operator gave it; null if they gave none. */
  readonly reason: string | null;
  /** Of the subject; null for acts on several subjects or none. */
  readonly dimension: string | null;
  /** The key of the subject, as in `list`; null for acts on several subjects or none. */
  readonly key: string | null;
  /**
   * What the subjects are made of: canonical, or pseudonyms; empty for acts on everything or nothing, and once the person has been
   * erased.
   */
  readonly parts: SubjectParts;
  /**
   * How much it changed, such as `{ unblocked: 1 }`; of a block also for how many `seconds`, or `untilReset: 1`. Null while it is under
   * way, and for good if it failed or was cut off.
   */
  readonly counts: ActivityCounts | null;
  /** The act that this `undo` took back; null for others. */
  readonly undoOf: string | null;
  /**
   * Whether `undo` can take it back: it lifted the lock of one subject, which would still hold, and was not undone. `undo` does
   * nothing if the subject has been locked again.
   */
  readonly undoable: boolean;
  /** When the lifted lock would end, as far as `undo` goes; null if it cannot be undone, or until reset. */
  readonly undoableUntil: Date | null;
}

export const ACTIVITY_ACTIONS = [
  'block',
  'unblock',
  'reset',
  'undo',
  'erase',
  'removeAttempts',
  'revokeDevices',
  'passwordChanged',
  'redeemUnlockToken',
  'look',
  'export',
] as const satisfies readonly ActivityAction[];

/** Where a page ended: the time and id of its last act. */
const CURSOR = /^(\d{1,16})\.([0-9a-f]{24})$/;
/** The latest possible Date, in the year 275760. */
const LAST_DATE_MS = 8.64e15;

const querySchema = z.strictObject(
  {
    by: z.optional(text),
    action: z.optional(oneOf(...ACTIVITY_ACTIONS)),
    key: z.optional(text),
    since: z.optional(aDate),
    until: z.optional(aDate),
    limit: pageLimit,
    cursor: z.nullish(custom<string>('the cursor of the previous page', isActivityCursor)),
  } satisfies Record<keyof ActivityListQuery, z.ZodMiniType>,
  anObject,
);

export async function listActivity(engine: Engine, query: ActivityListQuery): Promise<Page<ActivityRecord>> {
  validateOptions(querySchema, query, 'query');
  const log = activityLogOf(engine, 'activity');
  const { by, action, key, since, until, limit = DEFAULT_PAGE, cursor } = query;
  const wanted = {
    // As it is stored.
    by: by === undefined ? undefined : toPrintable(by),
    action,
    key,
    since: since?.getTime(),
    until: until?.getTime(),
    after: parseCursor(cursor),
    limit: limit + 1,
  };
  const entries = await ask(engine, 'activity', () => log.query(wanted));
  const now = (engine.options.store.clock ?? Date.now)();
  const last = entries.length > limit ? entries[limit - 1] : undefined;
  return {
    items: entries.slice(0, limit).map((entry) => toActivityRecord(entry, now)),
    cursor: last ? activityCursor(last) : null,
  };
}

/** @throws {LockoutConfigError} if the store has no activity log */
export function activityLogOf(engine: Engine, method: string): ActivityLog {
  const log = engine.options.store.activityLog;
  if (log) return log;
  throw invalidOption(`${method}()`, 'a store with an activity log', 'one without');
}

/** Returns what is needed to set the locks again; null if there was none. */
export function toLiftedLocks(records: readonly SubjectRecord[]): readonly LiftedLock[] | null {
  return records.length > 0 ? records.flatMap(toLiftedLock) : null;
}

function toLiftedLock(record: SubjectRecord): readonly LiftedLock[] {
  if (!record.lock) return [];
  const { key, dimension, parts, failures, lock, by, lockedBy, firstFailureAt, lastFailureAt } = record;
  const { cause, tier, limit, reason } = lock;
  const lockedUntil = Number.isFinite(lock.lockedUntil) ? lock.lockedUntil : null;
  const subject = { key, dimension, parts };
  const dates = { firstFailureAt, lastFailureAt };
  return [{ ...subject, failures, lockedUntil, cause, tier, limit, reason, by, lockedBy, ...dates }];
}

function toActivityRecord(entry: ActivityEntry, now: number): ActivityRecord {
  const { id, at, action, by, reason, dimension, key, parts, counts, undoOf, lifted, undone } = entry;
  const lockedUntil = Math.max(0, ...(lifted ?? []).map((lock) => lock.lockedUntil ?? Number.POSITIVE_INFINITY));
  const undoable = lockedUntil > now && !undone;
  const facts = { id, at: new Date(at), action, by, reason, dimension, key, parts, counts, undoOf };
  return { ...facts, undoable, undoableUntil: undoable ? toDate(lockedUntil) : null };
}

/** Returns the cursor of a page that ends with this act. */
export function activityCursor({ at, id }: ActivityPosition): string {
  return `${at}.${id}`;
}

/** Whether `activity` accepts it as a cursor. */
export function isActivityCursor(value: unknown): value is string {
  return parseCursor(value) !== undefined;
}

function parseCursor(cursor: unknown): ActivityPosition | undefined {
  const [, at, id] = typeof cursor === 'string' ? (CURSOR.exec(cursor) ?? []) : [];
  return id === undefined || Number(at) > LAST_DATE_MS ? undefined : { at: Number(at), id };
}
