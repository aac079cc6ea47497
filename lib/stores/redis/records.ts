/** Steps on the records, each one script at the server's time. */
import { type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import type { PagePosition } from '../page-cursor.js';
import type { Keys } from './keys.js';
import { type StoredState, toArgument, toInstant, toNumber, toStored, toText, toTime } from './record.js';
import type { RedisParts } from './redis-parts.js';
import type { ScriptName, ScriptRunner } from './script-runner.js';
import type { ScriptTime } from './script-time.js';

/** A record as it was before a step, at the time of the step. */
export interface Before {
  readonly now: number;
  readonly before: SubjectState;
  /** Null if there was no record. */
  readonly dimension: string | null;
}

/** A record as it was read. */
export interface Found extends StoredState {
  /** Of the subject. */
  readonly key: string;
  readonly now: number;
}

/** What a walk over a bounded part of the records has found. */
export interface Walked {
  readonly found: readonly Found[];
  /** Keys that match as well, beyond the limit. */
  readonly more: readonly string[];
  /** '0' at the end. */
  readonly cursor: string;
}

/** Which locks are looked for. */
export interface WantedLocks {
  /** Parts as they stand in a key. */
  readonly parts: readonly string[];
  readonly match: 'all' | 'any';
  /** Of locks to look at. */
  readonly limit: number;
}

/** Some of the locks of a dimension. */
export interface Locks {
  /** How many were looked at: fewer than the limit at the end of the index. */
  readonly looked: number;
  /** The last of these. */
  readonly last: PagePosition;
  /** Those wanted. */
  readonly locks: readonly PagePosition[];
}

/** Which records a walk looks for. */
export interface Wanted {
  readonly dimension: string | undefined;
  /** Parts as they stand in a key. */
  readonly parts: readonly string[];
  readonly match: 'all' | 'any';
  readonly limit: number;
}

/** About how many records one walk looks at: no call keeps the server from others for long. */
const WALK = 1_000;
/** About how many where a pattern leaves only those wanted. */
const WALK_BY_PATTERN = 5_000;
/** How many locks one call removes from an index. */
const PRUNED_AT_ONCE = 1_000;

export class Records {
  readonly keys: Keys;
  readonly #scripts: ScriptRunner;
  readonly #time: ScriptTime;

  constructor({ scripts, keys, time }: RedisParts) {
    this.keys = keys;
    this.#scripts = scripts;
    this.#time = time;
  }

  /** Runs a step over all subjects of an attempt, and again if the connection broke: leases make that harmless. */
  attempt(
    name: 'reserve' | 'settle',
    keys: readonly string[],
    args: readonly string[],
    toResent: (args: readonly string[]) => readonly string[] = (same) => same,
  ): Promise<unknown> {
    const atItsTime = ([, ...sent]: readonly string[]) => [this.#time.now(), ...toResent(sent)];
    return this.#scripts.attempt(name, keys, [this.#time.now(), ...args], atItsTime);
  }

  /** Runs a step on one record. */
  async step(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<Before> {
    const [now, before] = await this.#run(name, keys, args);
    const stored = toStored(before);
    return { now: toTime(now), before: stored?.state ?? UNKNOWN_SUBJECT, dimension: stored?.dimension ?? null };
  }

  /** Returns those of the records that exist, in the same order. */
  async findAll(keys: readonly string[]): Promise<readonly Found[]> {
    return (await this.findEach(keys)).filter((found) => found !== null);
  }

  /** Returns null for each record that does not exist. */
  async findEach(keys: readonly string[]): Promise<readonly (Found | null)[]> {
    if (keys.length === 0) return [];
    const names = keys.map((key) => this.keys.record(key));
    const [now, ...states] = await this.#run('read', names, []);
    return keys.map((key, index) => toFound(key, states[index], now));
  }

  /** Returns whether an expired record was removed. */
  async cleanup(key: string): Promise<boolean> {
    return toNumber(await this.#scripts.run('cleanup', [this.keys.record(key)], [this.#time.now()])) === 1;
  }

  /** Returns the dimensions in which anything was ever locked. */
  async dimensions(): Promise<readonly string[]> {
    const { dimensions } = this.keys;
    return (await this.#run('dimensions', [dimensions], [])).map(toText);
  }

  /** Looks at locks of a dimension, in the order of their ends and then of their keys by bytes. */
  async locks(
    dimension: string,
    after: PagePosition | undefined,
    { parts, match, limit }: WantedLocks,
  ): Promise<Locks> {
    const { looked, last, found } = await this.#locked(dimension, after, limit, ['ends', match, ...parts]);
    const locks: PagePosition[] = [];
    for (let at = 0; at < found.length; at += 2) {
      locks.push({ key: found[at] as string, lockedUntil: toInstant(found[at + 1]) });
    }
    return { looked, last, locks };
  }

  /** Like `locks`, but returns only the keys, which takes half the time. */
  async lockedKeys(dimension: string, after: PagePosition | undefined, { parts, match, limit }: WantedLocks) {
    return this.#locked(dimension, after, limit, ['', match, ...parts]);
  }

  /** Returns how many locks these dimensions have. */
  async countLocks(dimensions: readonly string[]): Promise<number> {
    if (dimensions.length === 0) return 0;
    const indexes = dimensions.map((dimension) => this.keys.locks(dimension));
    return toNumber(await this.#scripts.run('tally', indexes, [this.#time.now()]));
  }

  /** Removes locks that have ended from the indexes. Their records may be gone, and nothing else leads to the names in there. */
  async prune(): Promise<void> {
    for (const dimension of await this.dimensions()) {
      const locks = [this.keys.locks(dimension)];
      const prune = () => this.#scripts.run('prune', locks, [this.#time.now(), String(PRUNED_AT_ONCE)]);
      while (toNumber(await prune()) >= PRUNED_AT_ONCE);
    }
  }

  async walk(cursor: string, { dimension = '', parts, match, limit }: Wanted): Promise<Walked> {
    const { records } = this.keys;
    const [part = ''] = match === 'all' || parts.length === 1 ? parts.toSorted((a, b) => b.length - a.length) : [];
    // No character of a prefix means anything in a pattern.
    const pattern = part === '' ? `${records}*` : `${records}*${literal(part)}*`;
    const most = String(part === '' ? WALK : WALK_BY_PATTERN);
    const args = [cursor, pattern, String(limit), most, dimension, match, ...parts];
    const [now, next, more, ...found] = await this.#run('scan', [records], args);
    const subjectKey = (name: unknown) => this.keys.subjectKey(toText(name));
    return {
      found: found.flatMap((name, at) => (at % 2 === 0 ? (toFound(subjectKey(name), found[at + 1], now) ?? []) : [])),
      more: (more as Replies).map(subjectKey),
      cursor: toText(next),
    };
  }

  async #locked(dimension: string, after: PagePosition | undefined, limit: number, args: readonly string[]) {
    const keys = [this.keys.locks(dimension), this.keys.records];
    const position = after ? [toArgument(after.lockedUntil), after.key] : ['', ''];
    const [looked, lockedUntil, key, found] = await this.#run('locked', keys, [String(limit), ...position, ...args]);
    return {
      looked: toNumber(looked),
      last: { key: toText(key), lockedUntil: toInstant(lockedUntil) },
      found: JSON.parse(toText(found)) as readonly string[],
    };
  }

  async #run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<Replies> {
    return (await this.#scripts.run(name, keys, [this.#time.now(), ...args])) as Replies;
  }
}

type Replies = readonly unknown[];

/** Returns text in which no character means anything in a pattern. */
function literal(text: string): string {
  return text.replaceAll(/[\\*?[\]^-]/g, '\\$&');
}

function toFound(key: string, fields: unknown, now: unknown): Found | null {
  const stored = toStored(fields);
  return stored && { key, now: toTime(now), ...stored };
}
