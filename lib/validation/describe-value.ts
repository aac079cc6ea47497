/** A value, as an error message may show it. */
import { Duration } from 'luxon';

const MAX_SHOWN_CHARS = 60;
/** What stands before the host of a URL, up to the last @: a password may hold anything. */
const CREDENTIALS = /\/\/.*@/s;

/** A value as an error may show it: short, one line, no contents of objects, no credentials of a connection string. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `${shorten(JSON.stringify(value.replace(CREDENTIALS, '//***@')))} (a string)`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return `${value} (a ${typeof value})`;
  }
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'function') return `a function${value.name ? ` named ${value.name}` : ' without a name'}`;
  if (typeof value === 'symbol') return 'a symbol';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (Duration.isDuration(value)) {
    return value.isValid ? `a luxon Duration of ${value.toISO()}` : 'an invalid luxon Duration';
  }
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : shorten(`an object with ${keys.join(', ')}`);
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}...` : text;
}
