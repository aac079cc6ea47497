/** Asks a server about itself and what is stored in it. */
import type { StoreInspection, StoreTrouble } from '../../store.js';
import type { RedisConnection } from '../client.js';
import { toNumber, toText, toTime } from '../record.js';
import type { RedisParts } from '../redis-parts.js';
import { type Info, numberOf, parseInfo, serverOf } from './info.js';
import { restartTroubles, runningTroubles, unwritable, withoutInfo } from './troubles.js';

/** What one look at the server has shown. */
interface Look {
  readonly now: number;
  /** Empty if the user may not read it. */
  readonly info: Info;
  /** Null where the user may not count. */
  readonly attempts: number | null;
  readonly subjects: number | null;
  /** Why it refuses to write; '' if it does not. */
  readonly refusal: string;
}

export async function inspectRedis(parts: RedisParts, connection: RedisConnection): Promise<StoreInspection> {
  const askedAt = Date.now();
  const { now, info, attempts, subjects, refusal } = await look(parts);
  // Half of the round trip is the way back.
  const clockSkewMs = now - (askedAt + Date.now()) / 2;
  const isSaved = numberOf(info, 'aof_enabled') === 1 || (await hasSnapshots(parts, connection));
  return {
    server: serverOf(info),
    clockSkewMs,
    missingIndexes: [],
    troubles: [
      ...(refusal === '' ? [] : [unwritable(refusal)]),
      ...(info.size === 0 ? [withoutInfo()] : [...runningTroubles(info), ...restartTroubles(info, isSaved)]),
    ],
    subjects,
    attempts,
  };
}

/** Returns what loses locks while the server runs. */
export async function lookForTroubles(parts: RedisParts): Promise<readonly StoreTrouble[]> {
  return runningTroubles((await look(parts)).info);
}

async function look({ scripts, keys, time }: RedisParts): Promise<Look> {
  const reply = await scripts.run('inspect', [keys.attempts, keys.nothing], [time.now(), keys.records]);
  const [now, info, attempts, all, looked, ours, refusal] = reply as readonly unknown[];
  return {
    now: toTime(now),
    info: parseInfo(toText(info)),
    attempts: toCount(attempts),
    subjects: estimate(toCount(all), toNumber(ours), toNumber(looked)),
    refusal: toText(refusal),
  };
}

function toCount(reply: unknown): number | null {
  const count = toNumber(reply);
  return count < 0 ? null : count;
}

/** Estimates by a sample of all keys, since other applications may have theirs in the same database. */
function estimate(all: number | null, ours: number, looked: number): number | null {
  if (all === null || looked === 0) return all;
  return Math.round((all * ours) / looked);
}

/** Whether the server is told to save snapshots; null where that is not for this user to know, as at most hosts. */
async function hasSnapshots({ keys }: RedisParts, connection: RedisConnection): Promise<boolean | null> {
  let reply: unknown;
  try {
    reply = await connection.send(keys.attempts, ['CONFIG', 'GET', 'save']);
  } catch {
    // Refused, or renamed by the host.
    return null;
  }
  const values = Array.isArray(reply)
    ? reply.slice(1)
    : reply instanceof Map
      ? [...reply.values()]
      : Object.values(Object(reply));
  return values.length === 0 ? null : toText(values[0]) !== '';
}
