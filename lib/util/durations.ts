/** Durations: luxon in the API, milliseconds inside. */
import { Duration, type DurationLikeObject } from 'luxon';

/** A number and its unit, in seconds, minutes, hours, days or weeks: `'90s'`, `'15m'`, `'2h'`, `'1d'`, `'1w'`. */
type ShortDuration = `${number}${'s' | 'm' | 'h' | 'd' | 'w'}`;

/**
 * A length of time: a number with its unit (`'90s'`, `'15m'`, `'2h'`, `'1d'`, `'1w'`), an object (`{ minutes: 15 }`), a luxon
 * `Duration`, or an ISO 8601 string (`'PT15M'`). Months count as 30 days, years as 365.
 *
 * A string that the compiler does not know, such as an environment variable, is checked when it is used:
 * `process.env.COOLOFF as DurationInput`.
 */
export type DurationInput = Duration | DurationLikeObject | ShortDuration | `P${string}`;

/** A length of time, or `'forever'`: until reset. */
export type CooloffInput = DurationInput | 'forever';

export const DURATION_EXPECTED =
  "a duration such as '90s', '15m', '2h', '1d' or '1w', { minutes: 15 }, a luxon Duration or an ISO 8601 string such as 'PT15M'";

const SHORT_UNITS: Readonly<Record<string, keyof DurationLikeObject>> = {
  s: 'seconds',
  m: 'minutes',
  h: 'hours',
  d: 'days',
  w: 'weeks',
};
const SHORT = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])$/;
const UNIT = /^(?:year|quarter|month|week|day|hour|minute|second|millisecond)s?$/i;

/** Returns whole milliseconds, `Infinity` for `'forever'`; undefined for anything that is not a duration. */
export function parseDuration(input: unknown): number | undefined {
  if (input === 'forever') return Number.POSITIVE_INFINITY;
  const duration = toDuration(input);
  if (!duration?.isValid) return undefined;
  const ms = Math.round(duration.toMillis());
  return Number.isFinite(ms) ? ms : undefined;
}

/** Returns a Duration for events and answers; null means "until reset". */
export function toLuxon(ms: number): Duration | null {
  return ms === Number.POSITIVE_INFINITY ? null : Duration.fromMillis(ms);
}

/** Returns whole seconds, rounded up, at least 1 (RFC 9110, section 10.2.3 requires a whole number); null for "until reset". */
export function toRetryAfterSeconds(ms: number): number | null {
  return ms === Number.POSITIVE_INFINITY ? null : Math.max(1, Math.ceil(ms / 1000));
}

/** Returns the same as an ISO 8601 duration in its largest units, such as `PT14M59S`. */
export function toIsoSeconds(ms: number): string | null {
  const seconds = toRetryAfterSeconds(ms);
  return seconds === null ? null : Duration.fromObject({ days: 0, hours: 0, minutes: 0, seconds }).normalize().toISO();
}

/**
 * Whether an object can only be a duration, as opposed to a table by dimension: its names are units, and its values numbers. A
 * dimension may be called `hours`, but no table has a number as a duration.
 */
export function isDurationObject(input: object): boolean {
  return Duration.isDuration(input) || (Object.keys(input).every((name) => UNIT.test(name)) && isOfNumbers(input));
}

function toDuration(input: unknown): Duration | undefined {
  try {
    // Converted, because something that only looks like a Duration would fail later.
    if (Duration.isDuration(input)) return input.isValid ? Duration.fromMillis(input.toMillis()) : undefined;
    if (typeof input === 'string') return fromShort(input) ?? Duration.fromISO(input);
    if (typeof input === 'object' && input !== null && isOfNumbers(input)) return Duration.fromObject(input);
  } catch {
    // luxon throws on an unknown unit; to the caller that is simply "no duration".
  }
  return undefined;
}

function fromShort(text: string): Duration | undefined {
  const [, count, unit] = SHORT.exec(text) ?? [];
  const name = unit === undefined ? undefined : SHORT_UNITS[unit];
  return name && Duration.fromObject({ [name]: Number(count) });
}

/** Whether all values are numbers; luxon itself accepts null as nothing, and a list of one number as that number. */
function isOfNumbers(input: object): boolean {
  const values: readonly unknown[] = Object.values(input).filter((value) => value !== undefined);
  return !Array.isArray(input) && values.length > 0 && values.every(isNumeric);
}

function isNumeric(value: unknown): boolean {
  return (
    typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)))
  );
}
