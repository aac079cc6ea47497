/** What operators did: a hash for each act, and an index by time. */
import {
  type ActivityEntry,
  type ActivityLog,
  type ActivityQuery,
  type ActivityResult,
  concerns,
  FORGOTTEN,
  isUsersOwn,
  MAX_ACTIVITY,
  MAX_OWN_ACTIVITY,
  matchesActivity,
  type NewActivity,
} from '../../activity-log.js';
import { toArgument, toNumber, toText } from '../record.js';
import type { RedisParts } from '../redis-parts.js';

/** How many acts one call reads: no call keeps the server from logins for long. */
const PER_CALL = 500;
/** How many acts one call looks into where few of them are wanted. */
const LOOKED_INTO_PER_CALL = 2_000;
/** How many values a script returns of an act. */
const REPLY_LENGTH = 3;

type Whole = Omit<ActivityEntry, 'id' | 'at'>;

export class RedisActivityLog implements ActivityLog {
  readonly #parts: RedisParts;

  constructor(parts: RedisParts) {
    this.#parts = parts;
  }

  async append({ id, ...activity }: NewActivity, retentionMs: number): Promise<void> {
    const { keys } = this.#parts;
    const args = [id, JSON.stringify(activity), toArgument(retentionMs)];
    const maxima = [MAX_ACTIVITY, MAX_OWN_ACTIVITY, isUsersOwn(activity) ? 1 : 0].map(String);
    await this.#run('act', [keys.activityIndex, keys.ownActivity, keys.activity], [...args, ...maxima]);
  }

  async amend(id: string, result: Partial<ActivityResult>): Promise<void> {
    const { keys } = this.#parts;
    await this.#run('amend', [keys.activity + id], Object.entries(result).flatMap(toField));
  }

  async read(id: string): Promise<ActivityEntry | null> {
    const { keys } = this.#parts;
    const [entry] = toEntries(await this.#run('acts', [keys.activityIndex, keys.activity], [id, '', '', '']));
    return entry ?? null;
  }

  async query({ limit, ...filter }: ActivityQuery): Promise<readonly ActivityEntry[]> {
    const found: ActivityEntry[] = [];
    const texts = textsOf(filter);
    const count = texts.length > 0 ? LOOKED_INTO_PER_CALL : Math.min(limit, PER_CALL);
    for await (const entry of this.#walk(filter.since, filter.after?.at ?? filter.until, count, texts)) {
      if (matchesActivity(entry, filter)) found.push(entry);
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Goes through all of them, which are at most a few thousand. */
  async forget(username: string): Promise<void> {
    const { keys } = this.#parts;
    for await (const { id, at: _, ...activity } of this.#walk(undefined, undefined, PER_CALL, [])) {
      if (!concerns(activity, username)) continue;
      // Also in what was appended: a value that is only overridden would still be on the server.
      const fields = Object.entries({ ...FORGOTTEN, act: { ...activity, ...FORGOTTEN } }).flatMap(toField);
      await this.#run('amend', [keys.activity + id], fields);
    }
  }

  /**
   * Yields acts between two times, inclusive, newest first.
   *
   * @param count - of acts that one call walks
   * @param texts - that each has in it
   */
  async *#walk(
    since: number | undefined,
    until: number | undefined,
    count: number,
    texts: readonly string[],
  ): AsyncGenerator<ActivityEntry> {
    const { keys } = this.#parts;
    const [oldest, newest] = [since ?? 0, until ?? Number.POSITIVE_INFINITY].map(toArgument);
    for (let skipped = 0, isEnd = false; !isEnd; ) {
      const args = ['', String(oldest), String(newest), `${skipped} ${count} ${PER_CALL}`];
      const reply = await this.#run('acts', [keys.activityIndex, keys.activity], [...args, ...texts]);
      yield* toEntries(reply);
      skipped += toNumber(reply[0]);
      isEnd = toNumber(reply[1]) === 1;
    }
  }

  async #run(name: 'act' | 'acts' | 'amend', keys: readonly string[], args: readonly string[]) {
    const { scripts, time } = this.#parts;
    return (await scripts.run(name, keys, [time.now(), ...args])) as readonly unknown[];
  }
}

/** Returns what is in the JSON of each act that matches; it may be in that of others as well. */
function textsOf({ by, action, key }: Pick<ActivityQuery, 'by' | 'action' | 'key'>): readonly string[] {
  const fields = Object.entries({ by, action, key }).filter(([, value]) => value !== undefined);
  return fields.map(([name, value]) => JSON.stringify({ [name]: value }).slice(1, -1));
}

function toField([name, value]: readonly [string, unknown]): readonly string[] {
  return [name, JSON.stringify(value)];
}

/** After how many were walked and whether all were: of each that is still kept its id, its time, and its fields. */
function toEntries([, , ...values]: readonly unknown[]): readonly ActivityEntry[] {
  const entries: ActivityEntry[] = [];
  for (let at = 0; at < values.length; at += REPLY_LENGTH) {
    const [id, time, fields] = values.slice(at, at + REPLY_LENGTH);
    entries.push({ id: toText(id), at: toNumber(time), ...toWhole(fields as readonly unknown[]) });
  }
  return entries;
}

/** What was appended, with the fields that were amended. */
function toWhole(fields: readonly unknown[]): Whole {
  const texts = new Map<string, string>();
  for (let at = 0; at < fields.length; at += 2) texts.set(toText(fields[at]), toText(fields[at + 1]));
  const whole = JSON.parse(texts.get('act') ?? '{}') as Whole;
  const names = Object.keys(whole).filter((name) => texts.has(name));
  return { ...whole, ...Object.fromEntries(names.map((name) => [name, JSON.parse(texts.get(name) ?? 'null')])) };
}
