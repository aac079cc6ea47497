/** Reads the attempt log for operators, and removes entries from it. */

import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import { REMOVE_ALL } from '../log/removal.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type {
  AttemptEntry,
  AttemptLog,
  AttemptOutcome,
  AttemptPosition,
  AttemptRemoval,
} from '../stores/attempt-log.js';
import { newestFirst } from '../stores/attempt-log.js';
import { isStandIn, type SubjectParts } from '../subject/key.js';
import { type DurationInput, parseDuration } from '../util/durations.js';
import {
  aDate,
  anObject,
  custom,
  DEFAULT_PAGE,
  duration,
  oneOf,
  onlyTrue,
  pageLimit,
  text,
} from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { type LongRunningOptions, longRunningFields, reportProgress } from '../validation/long-running.js';
import { validateOptions } from '../validation/validate.js';
import { ask } from './each-record.js';
import { queriedParts } from './find-subject.js';
import type { Page } from './pages.js';
import { actorFields } from './schemas.js';
import type { ActorOptions } from './types.js';

/** Which entries of the attempt log `attempts` returns. */
export interface AttemptsQuery {
  /** Only entries with this outcome. */
  readonly outcome?: AttemptOutcome | undefined;
  /** In any spelling; or the pseudonym or hash that an entry shows in its place. */
  readonly username?: string | undefined;
  /** An address; or the pseudonym that an entry shows in its place. */
  readonly ip?: string | undefined;
  /** Only entries from this time on. */
  readonly since?: Date | undefined;
  /** Only entries before this time. */
  readonly until?: Date | undefined;
  /**
   * The size of a page, 1 to 1,000.
   * @default 100
   */
  readonly limit?: number | undefined;
  /** The `cursor` of the previous page; null for the first page. */
  readonly cursor?: string | null | undefined;
}

/** One entry of the attempt log. */
export interface AttemptRecord extends Omit<AttemptEntry, 'at'> {
  /** When the attempt happened. */
  readonly at: Date;
}

/** Which entries of the attempt log `removeAttempts` removes. */
export interface RemoveAttemptsQuery extends ActorOptions, LongRunningOptions {
  /** Only entries at least this old, from 0; this or `all`. */
  readonly olderThan?: DurationInput | undefined;
  /** The whole log; this or `olderThan`. */
  readonly all?: true | undefined;
  /**
   * Only entries with this outcome.
   * @default every outcome
   */
  readonly outcome?: AttemptOutcome | undefined;
}

/** Where a page ended: the time and id of its last entry. */
const CURSOR = /^(\d{1,16})\.([0-9a-z]{1,64})$/;
/** The latest possible Date, in the year 275760. */
const LAST_DATE_MS = 8.64e15;
const outcome = z.optional(oneOf('failed', 'succeeded', 'refused', 'logout'));

const attemptsSchema = z.strictObject(
  {
    outcome,
    username: z.optional(text),
    ip: z.optional(text),
    since: z.optional(aDate),
    until: z.optional(aDate),
    limit: pageLimit,
    cursor: z.nullish(custom<string>('the cursor of the previous page', isAttemptCursor)),
  } satisfies Record<keyof AttemptsQuery, z.ZodMiniType>,
  anObject,
);

const removeAttemptsSchema = z
  .strictObject(
    {
      olderThan: z.optional(duration(0)),
      all: z.optional(onlyTrue),
      outcome,
      ...actorFields,
      ...longRunningFields,
    } satisfies Record<keyof RemoveAttemptsQuery, z.ZodMiniType>,
    anObject,
  )
  .check(
    z.refine(
      ({ olderThan, all }) => (olderThan === undefined) !== (all === undefined),
      'either olderThan or, for the whole log, { all: true }',
    ),
  );

export class AttemptLogReader {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param atOnce - the size of a page in place of `limit`, and without its bound */
  async attempts(query: AttemptsQuery, atOnce?: number): Promise<Page<AttemptRecord>> {
    validateOptions(attemptsSchema, query, 'query');
    const limit = atOnce ?? query.limit ?? DEFAULT_PAGE;
    const { options } = this.#engine;
    const log = logOf(this.#engine, 'attempts');
    this.#engine.attemptLog?.completeLogins();
    const { outcome, since, until, cursor, ip, username } = query;
    const parts = partsInClear(options, query);
    // Entries written under the previous secret have other pseudonyms.
    const makers = Object.keys(parts).length > 0 ? options.keys.all : [options.keys];
    const pages = makers.map((keys) => {
      // Not in clear: stored as it was given.
      const { ip: storedIp = ip, username: storedName = username } = keys.toStoredParts(parts);
      const page = {
        outcome,
        username: storedName,
        ip: storedIp,
        since: since?.getTime(),
        until: until?.getTime(),
        after: cursor == null ? undefined : parseCursor(cursor),
        limit: limit + 1,
      };
      return ask(this.#engine, 'query', (_, signal) => log.query({ ...page, signal }));
    });
    const entries = (await Promise.all(pages)).flat();
    if (pages.length > 1) entries.sort(newestFirst);
    const items = entries.slice(0, limit).map((entry) => ({ ...entry, at: new Date(entry.at) }));
    const last = entries.length > limit ? entries[limit - 1] : undefined;
    return { items, cursor: last ? attemptCursor(last) : null };
  }

  async removeAttempts(query: RemoveAttemptsQuery): Promise<number> {
    const { by = null, reason = null } = validateOptions(removeAttemptsSchema, query, 'query');
    const { olderThan, outcome } = query;
    const olderThanMs = olderThan === undefined ? undefined : parseDuration(olderThan);
    const log = logOf(this.#engine, 'removeAttempts');
    const act = await this.#engine.activity.begin({ action: 'removeAttempts', by, reason });
    const removed = await this.#remove(log, { ...REMOVE_ALL, olderThanMs, outcomes: outcome && [outcome] }, query);
    await act.end({ removed });
    return removed;
  }

  /** Removes expired entries that are still stored; nothing if no log is kept. */
  async cleanup(options: LongRunningOptions): Promise<number> {
    const log = this.#engine.options.store.attemptLog;
    return log ? this.#remove(log, { ...REMOVE_ALL, expiredOnly: true }, options) : 0;
  }

  /** @param storedName - canonical, as the store keeps it */
  async erase(storedName: string, options: LongRunningOptions): Promise<number> {
    const log = this.#engine.options.store.attemptLog;
    if (!log) return 0;
    // Otherwise entries that this process has yet to write would come back.
    await this.#engine.attemptLog?.flush();
    return this.#remove(log, { ...REMOVE_ALL, username: storedName }, options);
  }

  async #remove(log: AttemptLog, removal: AttemptRemoval, options: LongRunningOptions): Promise<number> {
    let count = 0;
    for (let after: AttemptPosition | undefined; !options.signal?.aborted; ) {
      const { removed, last } = await ask(this.#engine, 'remove', () => log.remove({ ...removal, after }));
      count += removed;
      if (last === null) break;
      after = last;
      // A store in memory never leaves the current turn: let other work run.
      await new Promise(setImmediate);
      if (!(await reportProgress(options, count))) return count;
    }
    await reportProgress(options, count);
    return count;
  }
}

/** @throws {LockoutConfigError} if the store has no attempt log */
export function logOf(engine: Engine, method: string): AttemptLog {
  const log = engine.options.store.attemptLog;
  if (log) return log;
  throw invalidOption(`${method}()`, 'a store with an attempt log', 'one without');
}

/** Returns the cursor of a page that ends with this entry. */
export function attemptCursor({ at, id }: AttemptPosition): string {
  return `${at}.${id}`;
}

/** Whether `attempts` accepts it as a cursor. */
export function isAttemptCursor(value: unknown): value is string {
  return typeof value === 'string' && CURSOR.test(value) && parseCursor(value).at <= LAST_DATE_MS;
}

/** Returns the name and the address of a query as entries have them under the current secret. */
export function loggedParts(options: ResolvedOptions, query: Pick<AttemptsQuery, 'ip' | 'username'>): SubjectParts {
  const { ip = query.ip, username = query.username } = options.keys.toStoredParts(partsInClear(options, query));
  return { ...(ip === undefined ? {} : { ip }), ...(username === undefined ? {} : { username }) };
}

function partsInClear(options: ResolvedOptions, { ip, username }: AttemptsQuery): SubjectParts {
  return queriedParts(options, { ip: inClear(ip), username: inClear(username) }, ['ip', 'username']);
}

/** Leaves out a pseudonym or a hash: nothing is known of what is behind it. */
function inClear(value: string | undefined): string | undefined {
  return value === undefined || isStandIn(value) ? undefined : value;
}

/** Parses a cursor that the schema has accepted. */
function parseCursor(cursor: string): AttemptPosition {
  const [, at, id] = CURSOR.exec(cursor) ?? [];
  return { at: Number(at), id: String(id) };
}
