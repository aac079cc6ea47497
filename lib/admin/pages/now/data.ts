/**
 * What the page reads from the lockout. A snapshot is three reads at any size: the counts of the last hour, what is new in the
 * attempt log, and the 100 locks that end soonest. Besides these, the counts of the last day every ten minutes and `check()` once a
 * minute. While more than 100 subjects are locked, one more read tells which of the top lists are, and every five seconds is counted
 * how many are.
 */
import type { LockoutStoreError } from '../../../errors.js';
import { ENGINE, type Lockout } from '../../../lockout.js';
import { readAll } from '../../../operator/each-record.js';
import type { SubjectStatus } from '../../../operator/types.js';
import type { LockedCount } from '../../../stores/store.js';
import type { Bucket } from '../../charts/bucket.js';
import { toLockInfo, toSubjectRef } from '../../core/lock-info.js';
import { unlessStoreFails } from '../../core/store-failure.js';
import {
  bucketsOf,
  chartOf,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  MINUTES,
  startOf,
  usualPerMinute,
  yesterdayOf,
} from './counts.js';
import { Findings } from './findings.js';
import { MinuteHistory, readLastHour } from './minute-history.js';
import { NewestEntries } from './newest-entries.js';
import { missing, Part, type PartReading } from './part.js';
import type { Health, NowChart, NowSnapshot, TopLists } from './snapshot.js';
import { type Tallies, tallyUp } from './top.js';

/** Each is a record of up to some kilobytes, and they are read every second. */
const MAX_LOCKS = 100;
const MAX_ENDING = 8;
/** While more are locked than are listed. */
const COUNTED_EVERY_MS = 5_000;

/** Everything but the chart, whose span each viewer selects. */
export interface NowReading extends Omit<NowSnapshot, 'chart'> {
  /** Counts that are not empty, of the last 25 hours; of when `gaps` says. */
  readonly counted: Counted | null;
  /** Set if nothing at all could be read. */
  readonly failure: LockoutStoreError | undefined;
}

interface Counted {
  readonly at: number;
  readonly lastHour: readonly Bucket[];
  readonly day: readonly Bucket[];
}

/** How many are locked of all, and how many usernames. */
interface LockCounts {
  readonly total: LockedCount;
  readonly names: number;
}

interface Locks extends LockCounts {
  readonly statuses: readonly SubjectStatus[];
  /** Whether there are more. */
  readonly isCapped: boolean;
}

/** A row of the top lists. */
interface Row {
  readonly subject: { readonly key: string };
}

const NONE: ReadonlySet<string> = new Set();

export class NowReader {
  readonly #lockout: Lockout;
  readonly #counts = new Part<Counted>('counts');
  readonly #log = new Part<Tallies>('log');
  readonly #locks = new Part<Locks>('locks');
  readonly #chart = new Part<readonly Bucket[]>('counts');
  readonly #entries: NewestEntries;
  readonly #findings: Findings;
  readonly #day: MinuteHistory;
  readonly #week: MinuteHistory;
  #lockCounts: { readonly at: number; readonly counts: LockCounts } | undefined;

  constructor(lockout: Lockout) {
    this.#lockout = lockout;
    const engine = lockout[ENGINE];
    this.#day = new MinuteHistory(engine, DAY_MS + HOUR_MS);
    this.#week = new MinuteHistory(engine, 7 * DAY_MS);
    this.#entries = new NewestEntries(engine);
    this.#findings = new Findings(lockout);
  }

  /** What the store fails to answer is missing and named in `gaps`; nothing is thrown for it. */
  async read(): Promise<NowReading> {
    const engine = this.#lockout[ENGINE];
    const at = (engine.options.store.clock ?? Date.now)();
    const [counts, log, locks, findings] = await Promise.all([
      this.#readCounts(at),
      engine.attemptLog ? this.#log.read(at, () => this.#loadLog(at)) : missing('log', NO_LOG),
      this.#locks.read(at, () => this.#loadLocks(at)),
      this.#findings.read(at),
    ]);
    const counted = counts.value;
    const readings: readonly PartReading<unknown>[] = [counts, log, locks, findings];
    return {
      at,
      minutes: counted ? bucketsOf(counted.lastHour, counted.at, MINUTE_MS, MINUTES) : [],
      yesterday: counted ? yesterdayOf(counted.day, counted.at) : [],
      usualPerMinute: counted && usualPerMinute(counted.day, counted.at),
      suspectedSince: engine.suspectedSince,
      locked: locks.value && lockedCounts(locks.value, log.value),
      top: log.value && (await this.#topOf(log.value, locks.value)),
      ending: locks.value?.statuses.slice(0, MAX_ENDING).map((status) => this.#toEnding(status)) ?? null,
      health: this.#health(findings.value ?? []),
      gaps: readings.flatMap(({ gap }) => gap ?? []),
      counted,
      failure: counted || log.value || locks.value ? undefined : locks.error,
    };
  }

  /** Adds the chart. That of a week is one more read, every ten minutes. */
  async show(reading: NowReading, span: NowChart['span']): Promise<NowSnapshot> {
    const { counted, at, gaps } = reading;
    if (!counted) return { ...reading, chart: { ...chartOf([], at, span), buckets: [] } };
    if (span !== 'week') return { ...reading, chart: chartOf(counted.day, counted.at, span) };
    const week = await this.#chart.read(counted.at, () => this.#week.with(counted.lastHour, counted.at));
    return {
      ...reading,
      gaps: week.gap ? [...gaps, week.gap] : gaps,
      chart: chartOf(week.value ?? [], counted.at, span),
    };
  }

  async #readCounts(at: number): Promise<PartReading<Counted>> {
    const { options, attemptLog } = this.#lockout[ENGINE];
    if (!attemptLog) return missing('counts', 'Attempts are not counted without an attempt log.');
    if (!options.store.attemptLog?.counts) return missing('counts', NO_COUNTS_KEPT);
    return this.#counts.read(at, async () => {
      const lastHour = await readLastHour(this.#lockout[ENGINE], at);
      return { at, lastHour, day: await this.#day.with(lastHour, at) };
    });
  }

  async #loadLog(at: number): Promise<Tallies> {
    const { keys } = this.#lockout[ENGINE].options;
    const since = startOf(at, MINUTE_MS) - (MINUTES - 1) * MINUTE_MS;
    return tallyUp(await this.#entries.read(at), since, (parts) => keys.toStoredKey(parts));
  }

  async #loadLocks(at: number): Promise<Locks> {
    const { items: statuses, cursor } = await this.#lockout.list({ order: 'lockedUntil', limit: MAX_LOCKS });
    const isCapped = cursor !== null;
    if (isCapped) return { statuses, isCapped, ...(await this.#countLocks(at)) };
    const total = { count: statuses.length, isAtLeast: false };
    return { statuses, isCapped, total, names: statuses.filter(isName).length };
  }

  /** Counting goes through up to 10,000 locks, so not with each snapshot. */
  async #countLocks(at: number): Promise<LockCounts> {
    const last = this.#lockCounts;
    if (last && at >= last.at && at - last.at < COUNTED_EVERY_MS) return last.counts;
    const [total, names] = await Promise.all([
      this.#lockout.countLocked(),
      this.#lockout.countLocked({ dimension: USERNAME }),
    ]);
    const counts = { total, names: names.count };
    this.#lockCounts = { at, counts };
    return counts;
  }

  async #topOf({ knownNames: _, ...tallies }: Tallies, locks: Locks | null): Promise<TopLists> {
    const known = new Set(locks?.statuses.map(({ key }) => key));
    const others = locks?.isCapped ? await this.#lockedAmong([...tallies.addresses, ...tallies.names], known) : NONE;
    const isLocked = (key: string) => (known.has(key) ? true : locks && others ? others.has(key) : null);
    const withState = <T extends Row>(row: T) => ({ ...row, isLocked: isLocked(row.subject.key) });
    return { ...tallies, addresses: tallies.addresses.map(withState), names: tallies.names.map(withState) };
  }

  /** Returns the keys of those that are locked besides the known ones; undefined if the store fails. */
  async #lockedAmong(rows: readonly Row[], known: ReadonlySet<string>): Promise<ReadonlySet<string> | undefined> {
    const keys = rows.map(({ subject }) => subject.key).filter((key) => !known.has(key));
    const records = await unlessStoreFails(readAll(this.#lockout[ENGINE], keys));
    return records && new Set(keys.filter((_, index) => records[index]?.lock));
  }

  #toEnding(status: SubjectStatus): NonNullable<NowSnapshot['ending']>[number] {
    return { subject: toSubjectRef(status), failures: status.failures, lock: toLockInfo(this.#lockout, status) };
  }

  #health(findings: Health['findings']): Health {
    const { store, attemptLog } = this.#lockout[ENGINE];
    return {
      store: store.store.constructor.name,
      storeMs: store.figures.p95Ms,
      storeErrors: store.figures.errorsLastHour,
      logBacklog: attemptLog?.backlog ?? null,
      findings,
    };
  }
}

const NO_LOG =
  "Who fails is not known: no attempt log is kept. The option attemptLog is 'off', or the store has no log.";
const NO_COUNTS_KEPT = 'This store does not count attempts per minute.';

function lockedCounts(locks: Locks, log: Tallies | null): NonNullable<NowSnapshot['locked']> {
  const { statuses, total, names } = locks;
  const lookedAt = statuses.filter(isName);
  return {
    subjects: total.count,
    isAtLeast: total.isAtLeast,
    names,
    lookedAt: lookedAt.length,
    knownNames: log ? lookedAt.filter(({ key }) => log.knownNames.has(key)).length : 0,
  };
}

const USERNAME = 'username';

function isName({ dimension }: SubjectStatus): boolean {
  return dimension === USERNAME;
}

/** Returns the number beside "Blocked" in the navigation: the same as on the page. */
export function navCount({ locked }: Pick<NowSnapshot, 'locked'>): LockedCount | undefined {
  return locked ? { count: locked.subjects, isAtLeast: locked.isAtLeast } : undefined;
}
