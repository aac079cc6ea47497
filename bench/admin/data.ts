/** What the stores are filled with: a week of attempts, and locks that end within a day. */
import type { NewAttemptEntry, PendingEntry } from '../../lib/stores/attempt-log.js';
import type { LockoutStore } from '../../lib/stores/store.js';
import type { Subject } from '../../lib/subject/key.js';

const DAY_MS = 86_400_000;
const RETENTION_MS = 30 * DAY_MS;
const BATCH = 4_000;
/** One in so many attempts is at the one name, and one in so many from the one address. */
const AT_ADMIN = 20;
const FROM_ATTACKER = 33;

export const ADMIN = 'admin';
export const ATTACKER = '198.51.100.9';
/** A name that is locked and in the log. */
export const SOMEBODY = 'someone-4711';

const addressOf = (number: number) => `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;

/** Appends by the store's own port, the oldest first, so that all that is written with an entry is there. */
export async function fillLog(store: LockoutStore, rows: number): Promise<void> {
  const { attemptLog } = store;
  if (!attemptLog) throw new Error('the store keeps no attempt log');
  for (let start = 0; start < rows; start += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, rows - start) }, (_, offset): PendingEntry => {
      const number = start + offset;
      return { entry: entryOf(number), ageMs: Math.round(((rows - number) / rows) * 7 * DAY_MS) };
    });
    await attemptLog.append(batch, RETENTION_MS);
  }
}

function entryOf(number: number): NewAttemptEntry {
  // Scattered, so that neighbours in time are of different people.
  const person = (number * 7919) % 100_003;
  const outcome = number % 20 < 12 ? 'failed' : number % 20 < 17 ? 'refused' : 'succeeded';
  return {
    outcome,
    count: 1,
    username: number % AT_ADMIN === 0 ? ADMIN : `someone-${person}`,
    ip: number % FROM_ATTACKER === 0 ? ATTACKER : addressOf(person),
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    method: 'POST',
    path: '/login',
    action: 'local',
    sessionHash: null,
    reason: outcome === 'refused' ? 'locked' : null,
    dimension: outcome === 'refused' ? 'username' : null,
    cause: outcome === 'refused' ? 'tier' : null,
    tier: outcome === 'refused' ? 0 : null,
  };
}

export interface Lock {
  readonly subject: Subject;
  readonly forMs: number;
}

/** Seven of ten are names. They end one after the other, the first an hour from now. */
export function locksOf(count: number): readonly Lock[] {
  return Array.from({ length: count }, (_, number) => {
    const [dimension, value] = number % 10 < 7 ? ['username', `someone-${number}`] : ['ip', addressOf(number)];
    const parts = { [dimension as string]: value as string };
    const subject = { dimension: dimension as string, parts, storedParts: parts, key: `${dimension}=${value}` };
    return { subject, forMs: 3_600_000 + Math.round((number / count) * DAY_MS) };
  });
}
