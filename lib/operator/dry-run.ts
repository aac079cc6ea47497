/** Counts the subjects and entries that a reset or removal would affect, without touching them. */
import type { Engine } from '../engine.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { AttemptLog, AttemptOutcome, AttemptPosition } from '../stores/attempt-log.js';
import type { SubjectParts } from '../subject/key.js';
import { type LongRunningOptions, reportProgress } from '../validation/long-running.js';
import { logOf } from './attempt-log.js';
import { ask, onEachRecord, type RecordFilter } from './each-record.js';
import { canonicalParts, type SubjectInput, storedMatches } from './find-subject.js';
import { FreedSubjects } from './freed-subjects.js';
import type { RemovalResult, ResetResult } from './types.js';

/** The counts of an operation on subjects, with the keys of the first ones. */
export type Preview<T> = T & { readonly keys: readonly string[] };

/** How many of them a preview names. */
export const SHOWN_KEYS = 10;
const PAGE = 1_000;

export class DryRun {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** @param named - subjects as `reset` takes them; `'all'` for every subject */
  async reset(named: readonly SubjectInput[] | 'all', long: LongRunningOptions): Promise<Preview<ResetResult>> {
    const { options } = this.#engine;
    const queries = named === 'all' ? [{}] : this.#distinct(named);
    const counted = { reset: 0, unblocked: 0, keys: [] as string[] };
    const done: SubjectParts[] = [];
    for (const parts of queries) {
      const freed = new FreedSubjects(options.keys, parts, () => {});
      const matches = named === 'all' ? [] : storedMatches(options, parts, 'all');
      const filters = named === 'all' ? [{}] : matches.map((match) => ({ madeOf: match }));
      const look = (record: SubjectRecord) => {
        // A combination may be named twice: by its address, and by its username.
        if (done.some((others) => contains(record.parts, others))) return false;
        freed.add(record);
        return true;
      };
      counted.reset += await this.#count(filters, look, counted.keys, long);
      counted.unblocked += freed.size;
      done.push(...matches.map((match) => match.parts));
    }
    return counted;
  }

  async erase(usernames: readonly string[], long: LongRunningOptions): Promise<Preview<RemovalResult>> {
    const named = this.#distinct(
      usernames.map((username) => ({ username })),
      ['username'],
    );
    const matches = named.flatMap((parts) => storedMatches(this.#engine.options, parts, 'all'));
    const counted = { subjects: 0, attempts: 0, keys: [] as string[] };
    const filters = matches.map((match) => ({ madeOf: match, withExpired: true }));
    counted.subjects = await this.#count(filters, () => true, counted.keys, long);
    const log = this.#engine.options.store.attemptLog;
    for (const { parts } of log ? matches : []) {
      counted.attempts += await this.#countEntries(log as AttemptLog, { username: parts['username'] }, long);
    }
    return counted;
  }

  async cleanup(long: LongRunningOptions): Promise<RemovalResult> {
    const isOver = async ({ key }: SubjectRecord) =>
      (await ask(this.#engine, 'read', (store) => store.read(key))) === null;
    const subjects = await onEachRecord(this.#engine, { withExpired: true }, isOver, long);
    const log = this.#engine.options.store.attemptLog;
    return { subjects, attempts: log ? await this.#countPages(log, { expiredOnly: true }, long) : 0 };
  }

  /** Uses the clock of this process: it differs from the server's by at most a second, or `doctor` reports it. */
  async removeAttempts(
    {
      olderThanMs,
      outcome,
    }: { readonly olderThanMs?: number | undefined; readonly outcome?: AttemptOutcome | undefined },
    long: LongRunningOptions,
  ): Promise<number> {
    const log = logOf(this.#engine, 'removeAttempts');
    // An entry of exactly that age is removed, too.
    const until = olderThanMs === undefined ? undefined : Date.now() - olderThanMs + 1;
    return this.#countEntries(log, { outcome, until }, long);
  }

  /** Returns each named subject once, however it is spelled. */
  #distinct(named: readonly SubjectInput[], known?: readonly string[]): readonly SubjectParts[] {
    const parts = named.map((one) => canonicalParts(this.#engine.options, one, known));
    return [...new Map(parts.map((one) => [JSON.stringify(one), one])).values()];
  }

  /** @param look - returns whether the record counts */
  async #count(
    filters: readonly RecordFilter[],
    look: (record: SubjectRecord) => boolean,
    keys: string[],
    long: LongRunningOptions,
  ): Promise<number> {
    let count = 0;
    for (const filter of filters) {
      count += await onEachRecord(
        this.#engine,
        filter,
        async (record) => {
          if (!look(record)) return false;
          if (keys.length < SHOWN_KEYS) keys.push(record.key);
          return true;
        },
        long,
      );
    }
    return count;
  }

  /** Counts current and expired entries: a removal takes both. */
  async #countEntries(log: AttemptLog, filter: EntryFilter, long: LongRunningOptions): Promise<number> {
    const counting = await this.#countPages(log, filter, long);
    return counting + (await this.#countPages(log, { ...filter, expiredOnly: true }, long));
  }

  async #countPages(log: AttemptLog, filter: EntryFilter, long: LongRunningOptions): Promise<number> {
    let count = 0;
    for (let after: AttemptPosition | undefined; !long.signal?.aborted; ) {
      const query = { ...ANY, ...filter, after, limit: PAGE };
      const page = await ask(this.#engine, 'query', (_, signal) => log.query({ ...query, signal }));
      count += page.length;
      after = page.at(-1);
      if (page.length < PAGE || !(await reportProgress(long, count))) break;
    }
    return count;
  }
}

function contains(own: SubjectParts, parts: SubjectParts): boolean {
  return Object.entries(parts).every(([name, value]) => own[name] === value);
}

const ANY = { outcome: undefined, username: undefined, ip: undefined, since: undefined, until: undefined };

interface EntryFilter {
  readonly outcome?: AttemptOutcome | undefined;
  readonly username?: string | undefined;
  readonly until?: number | undefined;
  readonly expiredOnly?: boolean;
}
