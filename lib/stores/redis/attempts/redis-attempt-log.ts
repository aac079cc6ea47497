/** The attempt log in one stream with an index: the newest entries, up to a bound. */
import {
  type AttemptEntry,
  type AttemptLog,
  type AttemptPosition,
  type AttemptQuery,
  type AttemptRemoval,
  COUNTS_KEPT_MS,
  type CountsQuery,
  type MinuteCounts,
  newestFirst,
  type PendingEntry,
  type RemovedAttempts,
} from '../../attempt-log.js';
import { HOUR_MS } from '../../count-outcomes.js';
import { toArgument, toNumber, toText } from '../record.js';
import type { RedisParts } from '../redis-parts.js';
import { findCounts } from './hour-counts.js';
import { toAttemptEntries, toEntryArguments, toFilter } from './log-entry.js';
import { toEntryId, toStreamId, writtenAt } from './stream-id.js';

/** How many entries one call looks at, in their order: no call keeps the server from logins for long. */
const WALK = '2000';
/** An hour more: the key is of a whole hour. */
const COUNTS_KEPT = String(COUNTS_KEPT_MS + HOUR_MS);

type Which = 'current' | 'expired' | 'all';
type Wanted = Omit<AttemptQuery, 'expiredOnly'> & { readonly which: Which };

export class RedisAttemptLog implements AttemptLog {
  readonly isCapped = true;
  readonly #parts: RedisParts;
  readonly #maxAttempts: string;

  /** @param maxAttempts - how many entries are kept, and up to about a hundred more */
  constructor(parts: RedisParts, maxAttempts: number) {
    this.#parts = parts;
    this.#maxAttempts = String(maxAttempts);
  }

  async append(entries: readonly PendingEntry[], retentionMs: number): Promise<void> {
    if (entries.length === 0) return;
    const { keys } = this.#parts;
    const args = [toArgument(retentionMs), this.#maxAttempts, COUNTS_KEPT];
    for (const { entry, ageMs } of entries) args.push(toArgument(ageMs), ...toEntryArguments(entry));
    await this.#run('append', [keys.attempts, keys.attemptsIndex, keys.hours], args);
  }

  counts(query: CountsQuery): Promise<readonly MinuteCounts[]> {
    return findCounts(this.#parts, query);
  }

  query({ expiredOnly = false, ...query }: AttemptQuery): Promise<readonly AttemptEntry[]> {
    return this.#find({ ...query, which: expiredOnly ? 'expired' : 'current' });
  }

  async remove(removal: AttemptRemoval): Promise<RemovedAttempts> {
    const { outcomes, username, ip, olderThanMs, expiredOnly, keepNewest, after, limit } = removal;
    const { keys } = this.#parts;
    const kept = keepNewest > 0 ? await this.#oldestKept(removal) : undefined;
    if (kept === null) return { removed: 0, last: null };
    const reply = await this.#run(
      'remove',
      [keys.attempts, keys.attemptsIndex],
      [
        after ? toStreamId(after.id) : '',
        String(limit),
        WALK,
        expiredOnly ? 'expired' : 'all',
        toFilter(username),
        toFilter(ip),
        outcomes ? ` ${outcomes.join(' ')} ` : '',
        olderThanMs === undefined ? '' : toArgument(olderThanMs),
        ...toPositionArguments(kept),
      ],
    );
    const last = toText(reply[1]);
    return {
      removed: toNumber(reply[0]),
      last: last === '' ? null : { at: writtenAt(last), id: toEntryId(last) },
    };
  }

  /** Returns the oldest entry to keep; null if there are no more than are kept. */
  async #oldestKept({ outcomes, username, ip, keepNewest }: AttemptRemoval): Promise<AttemptPosition | null> {
    const any = { username, ip, since: undefined, until: undefined, after: undefined, which: 'all' } as const;
    const pages = (outcomes ?? [undefined]).map((outcome) => this.#find({ ...any, outcome, limit: keepNewest }));
    const newest = (await Promise.all(pages)).flat().sort(newestFirst);
    return newest[keepNewest - 1] ?? null;
  }

  /** Goes on from the newest entry until no older one can be among those wanted, or nobody waits for them. */
  async #find({ limit, signal, ...wanted }: Wanted): Promise<readonly AttemptEntry[]> {
    let found: AttemptEntry[] = [];
    let { since } = wanted;
    let cursor = '';
    do {
      signal?.throwIfAborted();
      const [next, entries] = await this.#walk(cursor, { ...wanted, since, limit });
      found = found.concat(toAttemptEntries(entries)).sort(newestFirst).slice(0, limit);
      if (found.length === limit) since = Math.max(since ?? 0, found.at(-1)?.at ?? 0);
      cursor = toText(next);
    } while (cursor !== '');
    return found;
  }

  #walk(cursor: string, wanted: Wanted): Promise<readonly unknown[]> {
    const { which, username, ip, outcome, since, until, after, limit } = wanted;
    const { attempts, attemptsIndex } = this.#parts.keys;
    return this.#run(
      'attempts',
      [attempts, attemptsIndex],
      [
        cursor,
        String(limit),
        WALK,
        which,
        toFilter(username),
        toFilter(ip),
        outcome ?? '',
        since === undefined ? '' : toArgument(since),
        until === undefined ? '' : toArgument(until),
        ...toPositionArguments(after),
      ],
    );
  }

  async #run(name: 'append' | 'attempts' | 'remove', keys: readonly string[], args: readonly string[]) {
    const { scripts, time } = this.#parts;
    return (await scripts.run(name, keys, [time.now(), ...args])) as readonly unknown[];
  }
}

function toPositionArguments(position: AttemptPosition | undefined): readonly string[] {
  return position ? [toArgument(position.at), toStreamId(position.id)] : ['', ''];
}
