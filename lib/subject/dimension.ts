/** What is counted: one part of an attempt, or several together. */

import type { LockoutConfigError } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import { promised } from '../validation/guard-function.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { Attempt } from './attempt.js';
import type { KeyMaker, Subject, SubjectParts } from './key.js';
import { toPart } from './part.js';

/** A named function of the attempt; its name becomes part of the key. Undefined means "this attempt has none". */
export type DimensionFunction = (attempt: Attempt) => string | undefined;

export type DimensionPart = 'ip' | 'username' | 'userAgent' | DimensionFunction;

/** A part alone, or a list of parts that count only together. */
export type DimensionInput = DimensionPart | readonly DimensionPart[];

export interface Dimension {
  /** `ip`, `username`, `ip+username`, ... parts in alphabetical order. */
  readonly name: string;
  readonly hasUsername: boolean;
  readonly hasIp: boolean;
  readonly parts: readonly { readonly name: string; readonly read: DimensionFunction }[];
}

const BUILT_IN: Readonly<Record<string, DimensionFunction>> = {
  ip: (attempt) => attempt.ip,
  username: (attempt) => attempt.username,
  userAgent: (attempt) => attempt.userAgent,
};

/**
 * Written out, since V8 leaves no spare room in such objects: 24 bytes less for each of a million subjects. A map, because a
 * dimension may be a function named `toString`: in an object, the inherited method would put everyone into one subject.
 */
const ALONE = new Map<string, (value: string) => SubjectParts>([
  ['ip', (ip) => ({ ip })],
  ['username', (username) => ({ username })],
  ['userAgent', (userAgent) => ({ userAgent })],
]);

export const BUILT_IN_PARTS: readonly string[] = Object.keys(BUILT_IN);

/** Converts an input that the options check has accepted: known names, named functions, no part twice. */
export function toDimension(input: DimensionInput): Dimension {
  const inputs = Array.isArray(input) ? (input as readonly DimensionPart[]) : [input as DimensionPart];
  const parts = inputs
    .map((part) => {
      if (typeof part === 'function') return { name: part.name, read: part };
      return { name: part, read: BUILT_IN[part] as DimensionFunction };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    name: parts.map(({ name }) => name).join('+'),
    hasUsername: parts.some(({ name }) => name === 'username'),
    hasIp: parts.some(({ name }) => name === 'ip'),
    parts,
  };
}

/** Returns the attempt's subject in this dimension; undefined if one of its parts is unknown. */
export function subjectOf(dimension: Dimension, attempt: Attempt, keys: KeyMaker): Subject | undefined {
  const alone = ALONE.get(dimension.name);
  if (alone) {
    const value = dimension.parts[0]?.read(attempt);
    return isKnown(dimension.name, value) ? keys.toSubject(dimension.name, alone(toPart(value))) : undefined;
  }
  const parts: Record<string, string> = {};
  for (const { name, read } of dimension.parts) {
    const value = read(attempt);
    if (!isKnown(name, value)) return undefined;
    parts[name] = toPart(value);
  }
  return keys.toSubject(dimension.name, parts);
}

function isKnown(name: string, value: unknown): value is string {
  if (value === undefined || value === '') return false;
  if (typeof value === 'string') return true;
  throw isThenable(value) ? promised(value, `options.dimensions: the function ${name}`) : notText(name, value);
}

/** Returns an error, since converted to a string every object would be one subject, `[object Object]`. */
function notText(name: string, value: unknown): LockoutConfigError {
  const expected = `the function ${name} to return a string or undefined`;
  return invalidOption('options.dimensions', expected, `a value of type ${typeof value}`);
}
