/** Durations: luxon at the surface, milliseconds inside. */
import { Duration, type DurationLikeObject } from 'luxon';

/**
 * A length of time: a luxon `Duration`, its object form (`{ minutes: 15 }`), or an ISO 8601 string (`'PT15M'`).
 * Months count as 30 days, years as 365.
 */
export type DurationInput = Duration | DurationLikeObject | string;

/** A length of time, or `'forever'`: until reset. */
export type CooloffInput = DurationInput | 'forever';

export const DURATION_EXPECTED =
  "a luxon Duration, its object form such as { minutes: 15 }, or an ISO 8601 string such as 'PT15M'";

/** Whole milliseconds, `Infinity` for `'forever'`; undefined for what is no duration at all. */
export function parseDuration(input: unknown): number | undefined {
  if (input === 'forever') return Number.POSITIVE_INFINITY;
  const duration = toDuration(input);
  if (!duration?.isValid) return undefined;
  const ms = Math.round(duration.toMillis());
  return Number.isFinite(ms) ? ms : undefined;
}

/** For events and answers: null stands for "until reset". */
export function toLuxon(ms: number): Duration | null {
  return ms === Number.POSITIVE_INFINITY ? null : Duration.fromMillis(ms);
}

/** Whole seconds, rounded up, at least 1 (RFC 9110, section 10.2.3 wants a whole number); null for "until reset". */
export function toRetryAfterSeconds(ms: number): number | null {
  return ms === Number.POSITIVE_INFINITY ? null : Math.max(1, Math.ceil(ms / 1000));
}

/** The same as an ISO 8601 duration in its largest units, such as `PT14M59S`. */
export function toIsoSeconds(ms: number): string | null {
  const seconds = toRetryAfterSeconds(ms);
  return seconds === null ? null : Duration.fromObject({ days: 0, hours: 0, minutes: 0, seconds }).normalize().toISO();
}

/** Whether an object can only be meant as a duration, as opposed to a table by dimension. */
export function isDurationObject(input: object): boolean {
  return Duration.isDuration(input) || parseDuration(input) !== undefined;
}

function toDuration(input: unknown): Duration | undefined {
  try {
    // Made anew: what only looks like a Duration would fail later.
    if (Duration.isDuration(input)) return input.isValid ? Duration.fromMillis(input.toMillis()) : undefined;
    if (typeof input === 'string') return Duration.fromISO(input);
    if (typeof input === 'object' && input !== null && isOfNumbers(input)) return Duration.fromObject(input);
  } catch {
    // luxon throws on an unknown unit; to the caller that is simply "no duration".
  }
  return undefined;
}

/** luxon itself takes null for nothing and a list of one number for that number. */
function isOfNumbers(input: object): boolean {
  const values: readonly unknown[] = Object.values(input).filter((value) => value !== undefined);
  return !Array.isArray(input) && values.length > 0 && values.every(isNumeric);
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
}
