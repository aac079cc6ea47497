/** Parsers of option values, for commander. */
import { InvalidArgumentError } from 'commander';
import type { Tier } from '../options/types.js';
import type { CooloffInput, DurationInput } from '../util/durations.js';
import { parseDuration } from '../util/durations.js';

/** Parses `15m`, `2h`, `7d`, `PT15M` or `forever`. */
export function parseFor(text: string): CooloffInput {
  if (isDuration(text)) return text as CooloffInput;
  throw new InvalidArgumentError('Expected a duration such as 15m, 2h, 7d, PT15M, or forever.');
}

/** Parses a ladder such as `3:15m,6:2h,10:forever`: 3 failures lock for 15 minutes, and so on. */
export function parseTiers(text: string): readonly Tier[] {
  return text.split(',').map((step) => {
    const [, failures, cooloff] = /^(\d{1,9}):(.+)$/.exec(step.trim()) ?? [];
    if (failures === undefined) throw new InvalidArgumentError('Expected a ladder such as 3:15m,6:2h,10:1d.');
    return { failures: Number(failures), cooloff: parseFor(cooloff as string) };
  });
}

/** Parses a point in time, or an age, which counts back from now. */
export function parseSince(text: string): Date {
  const ms = parseDuration(text);
  const date = ms === undefined ? parseDate(text) : new Date(Date.now() - ms);
  if (date) return date;
  throw new InvalidArgumentError('Expected a date such as 2026-11-22T03:00:00Z, or an age such as 15m, 2h, 7d.');
}

export function parseUntil(text: string): Date {
  const date = parseDate(text);
  if (date) return date;
  throw new InvalidArgumentError('Expected a date such as 2026-12-24T18:00:00Z; a duration goes with --for.');
}

/** ISO 8601 alone: JavaScript takes nearly anything for a date, such as `5` for a day in 2001. */
function parseDate(text: string): Date | undefined {
  const date = new Date(/^\d{4}-\d{2}/.test(text) ? text : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Parses an age such as `90d`, `12h` or `P1M`. */
export function parseAge(text: string): DurationInput {
  if (text !== 'forever' && isDuration(text)) return text as DurationInput;
  throw new InvalidArgumentError('Expected an age such as 12h, 90d or P1M.');
}

export function parseDays(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of days.');
}

export function parseLimit(text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Expected a whole number of at least 1.');
}

function isDuration(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== undefined && ms > 0;
}
