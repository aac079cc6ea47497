/** What operators ask for and get: status, list, block, unblock, reset. */

import type { Duration } from 'luxon';
import * as z from 'zod';
import type { SubjectFacts } from '../events/emitter.js';
import { toDate, toLockFacts, toSubjectFacts } from '../events/payloads.js';
import { cooloff } from '../options/schema.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { Policy } from '../policy/state.js';
import type { SubjectRecord } from '../stores/store.js';
import type { Subject, SubjectParts } from '../subject/key.js';
import type { CooloffInput } from '../util/durations.js';
import { type LongRunningOptions, longRunningFields } from '../validation/long-running.js';

/** All that is known of one subject now. */
export interface SubjectStatus extends SubjectFacts {
  readonly locked: boolean;
  readonly failures: number;
  /** Since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  /** Null when not locked, and when locked until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null when not locked, and when locked until reset. */
  readonly retryAfter: Duration | null;
  /**
   * Index in the ladder of the tier that locked, one past its end for the hard stop; null when not locked, or locked by an
   * operator.
   */
  readonly tier: number | null;
  readonly reason: string | null;
  /** Who blocked it, as given to `block`. */
  readonly by: string | null;
  readonly firstFailureAt: Date | null;
  readonly lastFailureAt: Date | null;
}

export interface SingleStatus extends SubjectStatus {
  /** How many more failures until the next lock; 0 while locked. */
  readonly attemptsLeft: number;
}

export interface ListQuery {
  /** Only this dimension. Default all. */
  readonly dimension?: string;
  /** Only subjects that are locked now. Default true. */
  readonly locked?: boolean;
  /** Only subjects made of this username, in any spelling. */
  readonly username?: string;
  /** Only subjects made of this address. */
  readonly ip?: string;
  /** How many at most, 1 to 1,000. Default 100. */
  readonly limit?: number;
  /** The `cursor` of the page before. */
  readonly cursor?: string;
}

export interface ListPage {
  /** Ascending by key. */
  readonly items: readonly SubjectStatus[];
  /** For the next page; null after the last. */
  readonly cursor: string | null;
}

export interface BlockOptions {
  /** How long; this or `until`. */
  readonly for?: CooloffInput;
  /** Until when, by this process's clock; this or `for`. */
  readonly until?: Date;
  readonly reason?: string;
  /** Who blocks; kept with the lock. */
  readonly by?: string;
}

export interface ActorOptions {
  /** Who does it; passed on in the event. */
  readonly by?: string;
}

export interface ResetQuery extends ActorOptions, LongRunningOptions {
  readonly ip?: string;
  readonly username?: string;
  /** Both given: records of this username from this address (`'all'`), or of either (`'any'`). Default `'all'`. */
  readonly match?: 'all' | 'any';
  /** Instead of names: every subject there is. */
  readonly all?: true;
}

export interface EraseQuery extends ActorOptions, LongRunningOptions {
  /** Whose records are erased, in any spelling. */
  readonly username: string;
}

/** How many records and how many entries of the access log were removed. */
export interface RemovalResult {
  readonly subjects: number;
  readonly attempts: number;
}

export interface ResetResult {
  /** Subjects of which something was known. */
  readonly cleared: number;
  /** Those among them that were locked. */
  readonly unblocked: number;
}

export const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;
const pageSize = `a whole number from 1 to ${MAX_PAGE}`;
export const pageLimit = z.int(pageSize).min(1, pageSize).max(MAX_PAGE, pageSize).optional();
export const anObject = 'an object of options';
export const text = z.string('a text').min(1, 'a text that is not empty');

export const listSchema = z.strictObject(
  {
    dimension: text.optional(),
    locked: z.boolean('true or false').optional(),
    username: text.optional(),
    ip: text.optional(),
    limit: pageLimit,
    cursor: text.optional(),
  } satisfies Record<keyof ListQuery, z.ZodType>,
  anObject,
);

export const blockSchema = z
  .strictObject(
    {
      for: cooloff.optional(),
      until: z.date('a Date').optional(),
      reason: text.optional(),
      by: text.optional(),
    } satisfies Record<keyof BlockOptions, z.ZodType>,
    anObject,
  )
  .refine((options) => (options.for === undefined) !== (options.until === undefined), 'either for or until');

export const actorSchema = z.strictObject(
  { by: text.optional() } satisfies Record<keyof ActorOptions, z.ZodType>,
  anObject,
);

export const resetSchema = z
  .strictObject(
    {
      ip: text.optional(),
      username: text.optional(),
      match: z.enum(['all', 'any'], "'all' or 'any'").optional(),
      all: z.literal(true, 'true').optional(),
      by: text.optional(),
      ...longRunningFields,
    } satisfies Record<keyof ResetQuery, z.ZodType>,
    anObject,
  )
  .refine(
    ({ ip, username, match, all }) =>
      all === undefined ? ip !== undefined || username !== undefined : (ip ?? username ?? match) === undefined,
    'an ip, a username or both, or alone { all: true } for every subject',
  );

export const eraseSchema = z.strictObject(
  { username: text, by: text.optional(), ...longRunningFields } satisfies Record<keyof EraseQuery, z.ZodType>,
  anObject,
);

export const longRunningSchema = z.strictObject(longRunningFields, anObject);

export function toStatus(record: SubjectRecord): SubjectStatus {
  const { lock } = record;
  return {
    ...toSubjectFacts(record),
    locked: lock !== null,
    failures: record.failures,
    consecutiveFailures: record.consecutiveFailures,
    verifying: record.verifying,
    ...toLockFacts(lock),
    tier: lock?.tier ?? null,
    reason: lock?.reason ?? null,
    by: lock ? record.by : null,
    firstFailureAt: toDate(record.firstFailureAt),
    lastFailureAt: toDate(record.lastFailureAt),
  };
}

/** The status of a subject whose record may be missing. */
export function toSingleStatus(subject: Subject, record: SubjectRecord | null, policy: Policy): SingleStatus {
  const known = record ?? { ...EMPTY_RECORD, key: subject.key, dimension: subject.dimension, parts: subject.parts };
  const status = toStatus({ ...known, parts: subject.parts });
  const attemptsLeft = status.locked ? 0 : failuresUntilLock(status, policy);
  return { ...status, attemptsLeft };
}

const NO_PARTS: SubjectParts = {};
const EMPTY_RECORD: SubjectRecord = {
  key: '',
  dimension: '',
  parts: NO_PARTS,
  failures: 0,
  consecutiveFailures: 0,
  verifying: 0,
  lock: null,
  by: null,
  lockedBy: null,
  firstFailureAt: null,
  lastFailureAt: null,
};
