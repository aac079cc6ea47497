/** Counts per minute and outcome: a hash for each hour, written by `scripts/append.lua`. */
import { type CountsQuery, type MinuteCounts, NO_COUNTS, type OutcomeCounts } from '../../attempt-log.js';
import { HOUR_MS, MINUTE_MS } from '../../count-outcomes.js';
import { toNumber, toText } from '../record.js';
import type { RedisParts } from '../redis-parts.js';

/** How many hours one call reads: no call keeps the server from logins for long. */
const HOURS_PER_CALL = 24;
/** The fields of a minute begin with the letter of what they count. */
const BY_LETTER = new Map<string | undefined, keyof OutcomeCounts>([
  ['f', 'failed'],
  ['r', 'refused'],
  ['s', 'succeeded'],
  ['l', 'locks'],
]);

export async function findCounts(
  { scripts, keys }: RedisParts,
  { since, until }: CountsQuery,
): Promise<readonly MinuteCounts[]> {
  const found: MinuteCounts[] = [];
  const end = Math.ceil(until / HOUR_MS);
  for (let first = Math.floor(since / HOUR_MS); first < end; first += HOURS_PER_CALL) {
    const hours = Array.from({ length: Math.min(HOURS_PER_CALL, end - first) }, (_, index) => first + index);
    const names = hours.map((hour) => keys.hour(hour));
    const replies = (await scripts.run('counts', names, [])) as readonly unknown[];
    for (const [index, hour] of hours.entries()) found.push(...minutesOf(hour, toText(replies[index] ?? '')));
  }
  return found.filter(({ at }) => at >= since && at < until);
}

function minutesOf(hour: number, text: string): readonly MinuteCounts[] {
  const minutes = new Map<number, { -readonly [K in keyof MinuteCounts]: MinuteCounts[K] }>();
  const fields = text === '' ? [] : text.split(' ');
  for (let at = 0; at < fields.length; at += 2) {
    const field = fields[at] as string;
    const letter = field.charAt(0);
    const begins = hour * HOUR_MS + Number(field.slice(1)) * MINUTE_MS;
    const counts = minutes.get(begins) ?? { at: begins, ...NO_COUNTS };
    const name = BY_LETTER.get(letter);
    if (name) counts[name] = toNumber(fields[at + 1]);
    minutes.set(begins, counts);
  }
  return [...minutes.values()].sort((a, b) => a.at - b.at);
}
