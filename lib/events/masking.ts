/** Keeps sensitive values out of logs: they can be read by name, but are masked when an event is printed, and absent from copies. */
import { inspect } from 'node:util';
import type { SubjectParts } from '../subject/key.js';

const MASK = '********';

interface Maskable {
  readonly attempt?: object | null;
  readonly parts?: SubjectParts;
  readonly subjects?: readonly object[];
  readonly refusedBy?: object | undefined;
  readonly key?: string;
  /** In `username_blocked` and `ip_blocked`. */
  readonly username?: string;
  readonly ip?: string;
}

/** Masks the payload of an event. */
export type Mask = <T extends object>(payload: T) => T;

/**
 * Creates the function that masks events. A masked value can be read by name, but is not enumerable, so loggers that copy or walk
 * the event (spread, `Object.entries`, pino, winston, `structuredClone`) do not find it. `JSON.stringify` and `util.inspect` show
 * `********` in its place.
 *
 * @param sensitive - names of parts of attempts and subjects
 * @returns undefined if there is nothing to mask, so that events stay plain objects
 */
export function createMask(sensitive: ReadonlySet<string>): Mask | undefined {
  if (sensitive.size === 0) return undefined;
  const fields = new Set([...sensitive].flatMap(fieldsOf));

  const maskPayload = <T extends object>(payload: T): T => {
    const { attempt, parts, subjects, refusedBy, key, username, ip } = payload as Maskable;
    const nested = {
      ...payload,
      ...(attempt && { attempt: hide(attempt, maskOf(attempt, fields)) }),
      ...(parts && { parts: hide(parts, maskOf(parts, fields)) }),
      ...(subjects && { subjects: subjects.map(maskPayload) }),
      ...(refusedBy && { refusedBy: maskPayload(refusedBy) }),
    };
    if (!parts || key === undefined || !Object.keys(parts).some((name) => fields.has(name))) return nested;
    return hide(nested, { key: maskKey(parts, fields), ...maskOf({ username, ip }, fields) });
  };
  return maskPayload;
}

/** Returns a value of an event as it may be printed: masked if the event masks it. */
export function shownOf<T extends object, K extends keyof T>(facts: T, name: K): T[K] | typeof MASK {
  const isShown = facts[name] === undefined || Object.prototype.propertyIsEnumerable.call(facts, name);
  return isShown ? facts[name] : MASK;
}

/** Returns the fields that contain a part: an attempt has its address twice. */
function fieldsOf(part: string): readonly string[] {
  return part === 'ip' ? ['ip', 'address'] : [part];
}

/** Returns the mask for each sensitive field that is present. */
function maskOf(facts: object, fields: ReadonlySet<string>): Record<string, string> {
  const known = Object.entries(facts).filter(([name, value]) => fields.has(name) && value !== undefined);
  return Object.fromEntries(known.map(([name]) => [name, MASK]));
}

function maskKey(parts: SubjectParts, fields: ReadonlySet<string>): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${fields.has(name) ? MASK : value}`)
    .join('&');
}

/** Returns a copy in which the fields of `shown` can be read only by name and are printed as in `shown`. */
function hide<T extends object>(facts: T, shown: Readonly<Record<string, string>>): T {
  const copy = { ...facts };
  for (const name of Object.keys(shown)) {
    Object.defineProperty(copy, name, { value: facts[name as keyof T], enumerable: false });
  }
  const printed = { ...facts, ...shown };
  Object.defineProperty(copy, 'toJSON', { value: () => printed });
  Object.defineProperty(copy, inspect.custom, {
    value: (_depth: number, options: object) => inspect(printed, options),
  });
  return copy;
}
