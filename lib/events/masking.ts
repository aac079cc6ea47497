/** Keeps named values out of logs: whoever reads an event by name has them, whoever prints or copies it has not. */
import { inspect } from 'node:util';
import type { SubjectParts } from '../subject/key.js';

const MASK = '********';

/** What of an attempt shows a part besides the field of its name. */
const FIELDS_OF: Readonly<Record<string, readonly string[]>> = { ip: ['ip', 'address'] };

interface Maskable {
  readonly attempt?: object | null;
  readonly parts?: SubjectParts;
  readonly subjects?: readonly object[];
  readonly refusedBy?: object | undefined;
  readonly key?: string;
  /** Of `username_blocked` and `ip_blocked`. */
  readonly username?: string;
  readonly ip?: string;
}

/** Masks the payload of an event. */
export type Mask = <T extends object>(payload: T) => T;

/**
 * A masked value can be read by its name, but is not enumerable, so that loggers that copy or walk (spread,
 * `Object.entries`, pino, winston, `structuredClone`) do not find it. `JSON.stringify` and `util.inspect` show that it is
 * there, as `********`.
 *
 * @param sensitive - parts of attempts and subjects
 * @returns undefined when nothing is to be masked, so that events stay plain objects
 */
export function createMask(sensitive: ReadonlySet<string>): Mask | undefined {
  if (sensitive.size === 0) return undefined;
  const fields = new Set([...sensitive].flatMap((name) => FIELDS_OF[name] ?? [name]));

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

/** What stands for each sensitive field that there is. */
function maskOf(facts: object, fields: ReadonlySet<string>): Record<string, string> {
  const known = Object.entries(facts).filter(([name, value]) => fields.has(name) && value !== undefined);
  return Object.fromEntries(known.map(([name]) => [name, MASK]));
}

function maskKey(parts: SubjectParts, fields: ReadonlySet<string>): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${fields.has(name) ? MASK : value}`)
    .join('&');
}

/** A copy whose fields in `shown` can be read only by name, and print as they stand there. */
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
