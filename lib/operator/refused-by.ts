/** Finds the locked subjects that refuse a user: their name, an address they come from, or a combination of the two. */
import type { Engine } from '../engine.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { AttemptEntry } from '../stores/attempt-log.js';
import type { StoreMatch } from '../stores/store.js';
import type { SubjectParts } from '../subject/key.js';
import { ask, readAll, someRecords } from './each-record.js';

/** Bounds: an address may have tried a thousand names, and a name may have been tried from a thousand addresses. */
const ENTRIES = 100;
const SUBJECTS = 50;
/** The parts whose whole value is in a log entry, as records have it. */
export const LOGGED = ['ip', 'username'] as const;

/**
 * @param parts - canonical: a username, an address, or both
 * @returns locked records that contain these parts, or that the last attempts with these parts met or would meet now; at most
 *   50. Among those from the log, the ones that refused or locked come first.
 */
export async function lockedAround(engine: Engine, parts: SubjectParts): Promise<readonly SubjectRecord[]> {
  const matches = engine.options.keys.all.map((keys) => ({ parts: keys.toStoredParts(parts), match: 'all' as const }));
  const [listed, logged] = await Promise.all([listLocked(engine, matches), lockedInLog(engine, matches)]);
  const records = new Map([...listed, ...logged].map((record) => [record.key, record]));
  return [...records.values()].slice(0, SUBJECTS);
}

async function listLocked(engine: Engine, matches: readonly StoreMatch[]): Promise<readonly SubjectRecord[]> {
  const query = { dimension: undefined, lockedOnly: true, limit: SUBJECTS };
  const listed = matches.map((madeOf) => someRecords(engine, { ...query, madeOf }));
  return (await Promise.all(listed)).flat();
}

/** Returns nothing if no log is kept. */
async function lockedInLog(engine: Engine, matches: readonly StoreMatch[]): Promise<readonly SubjectRecord[]> {
  const entries = await entriesOf(engine, matches);
  const keys = new Set<string>();
  // Entries with a dimension first; the others too, because repeated refusals do not say which subject refused them.
  const met = entries.filter(({ dimension }) => dimension !== null);
  for (const entry of [...met, ...entries]) {
    for (const key of keysOf(engine, entry)) if (keys.size < SUBJECTS) keys.add(key);
  }
  const records = await readAll(engine, [...keys]);
  return records.filter((record) => record !== null).filter(({ lock }) => lock !== null);
}

async function entriesOf(engine: Engine, matches: readonly StoreMatch[]): Promise<readonly AttemptEntry[]> {
  const { attemptLog: log } = engine.options.store;
  const named = matches.map(({ parts }) => LOGGED.map((name) => parts[name]));
  if (!log || named.some((values) => values.every((value) => value === undefined))) return [];
  engine.attemptLog?.completeLogins();
  const filter = { outcome: undefined, since: undefined, until: undefined, after: undefined, limit: ENTRIES };
  const pages = named.map(([ip, username]) =>
    ask(engine, 'query', (_, signal) => log.query({ ...filter, ip, username, signal })),
  );
  return (await Promise.all(pages)).flat();
}

/** Returns the keys of the subjects on which an attempt like this one counts. */
function keysOf({ options }: Engine, entry: AttemptEntry): readonly string[] {
  const { dimensions, keys } = options;
  const names = new Set(dimensions.known().map(({ name }) => name));
  if (entry.dimension !== null) names.add(entry.dimension);
  return [...names].flatMap((dimension) => {
    const parts: Record<string, string> = {};
    for (const name of dimension.split('+')) {
      const value = LOGGED.some((logged) => logged === name) ? entry[name as (typeof LOGGED)[number]] : null;
      if (value === null) return [];
      parts[name] = value;
    }
    return [keys.toStoredKey(parts)];
  });
}
