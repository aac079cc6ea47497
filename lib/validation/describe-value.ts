/** Describes a value as error messages may show it. */
import { Duration } from 'luxon';
import { hasEngine } from '../util/engine-symbol.js';
import { toSafeJson } from '../util/safe-json.js';
import { maskCredentialsOf } from '../util/url-credentials.js';

const MAX_SHOWN_CHARS = 60;
const UNIT_OF_TIME = /^(?:year|quarter|month|week|day|hour|minute|second|millisecond)s?$/;
/** Matches a name that needs no quotes. */
const PLAIN_NAME = /^[!#-[\]-~]+$/;

/** Describes a value on one short line, without the contents of objects or the credentials of a connection string. */
export function describeValue(value: unknown): string {
  try {
    return describe(value);
  } catch {
    // A proxy or getter that throws.
    return 'an object that cannot be read';
  }
}

/** Describes only the type of a string or number, which may be a username, a token or a password. */
export function describeKind(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value === '' ? describeValue(value) : 'a string';
    case 'number':
    case 'bigint':
      return `a ${typeof value}`;
    default:
      return describeValue(value);
  }
}

/** Shortens a name of foreign origin, such as a member of what a client sent, to one line. */
export function describeName(name: string): string {
  if (name.length <= MAX_SHOWN_CHARS && PLAIN_NAME.test(name)) return name;
  return PLAIN_NAME.test(name.slice(0, MAX_SHOWN_CHARS)) ? shorten(name) : quote(name);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `${quote(maskCredentialsOf(value))} (a string)`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${value} (a ${typeof value})`;
  if (typeof value === 'bigint') return `${shorten(String(value))} (a bigint)`;
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'function') return describeFunction(value);
  if (typeof value === 'symbol') return 'a symbol';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString();
  if (Duration.isDuration(value)) {
    return value.isValid ? `a luxon Duration of ${value.toISO()}` : 'an invalid luxon Duration';
  }
  if (isDurationLike(value))
    return `an object { ${Object.entries(value)
      .map(([unit, count]) => `${unit}: ${count}`)
      .join(', ')} }`;
  if (hasEngine(value)) return 'a Lockout';
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return shorten(`an object with ${keys.slice(0, MAX_SHOWN_CHARS).map(describeName).join(', ')}`);
}

/** Whether all members are numbers of time units, which are not secret. */
function isDurationLike(value: object): boolean {
  const members = Object.entries(value);
  return members.length > 0 && members.every(([name, count]) => UNIT_OF_TIME.test(name) && typeof count === 'number');
}

function describeFunction(given: object): string {
  const { name } = given as { readonly name?: unknown };
  if (isClass(given) && typeof name === 'string')
    return `the class ${describeName(name)}; an instance is made with new`;
  return typeof name === 'string' && name !== ''
    ? `a function named ${describeName(name)}`
    : 'a function without a name';
}

/** Also true for a class written as a function, as in passport-local: it has methods. */
function isClass(given: object): boolean {
  const { prototype } = given as { readonly prototype?: unknown };
  if (typeof prototype !== 'object' || prototype === null) return false;
  return Object.getOwnPropertyNames(prototype).length > 1 || /^class\b/.test(Function.prototype.toString.call(given));
}

/** Cuts the text before escaping it: a client may send a megabyte. */
function quote(text: string): string {
  return shorten(toSafeJson(text.slice(0, MAX_SHOWN_CHARS + 1)));
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}...` : text;
}
