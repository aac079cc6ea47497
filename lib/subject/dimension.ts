/** What is counted: one part of an attempt, or several together. */

import type { LockoutConfigError } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import { promised } from '../validation/guard-function.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { Attempt } from './attempt.js';
import type { KeyMaker, Subject } from './key.js';
import { toPart } from './part.js';

/** A named function of the attempt; its name becomes part of the key. Undefined means "this attempt has none". */
export type DimensionFunction = (attempt: Attempt) => string | undefined;

/** A part of what is counted: a built-in one, or a function that returns its value for an attempt. */
export type DimensionPart = BuiltInPart | DimensionFunction;

/** A part alone, or a list of parts that count only together. */
export type DimensionInput = DimensionPart | readonly DimensionPart[];

export interface Dimension {
  /** `ip`, `username`, `ip+username`, ... parts in alphabetical order. */
  readonly name: string;
  readonly hasUsername: boolean;
  readonly hasIp: boolean;
  readonly parts: readonly { readonly name: string; readonly read: DimensionFunction | undefined }[];
  /** The only part, where that is one which every attempt has. */
  readonly alone: BuiltInPart | undefined;
}

const BUILT_IN = ['ip', 'username', 'userAgent'] as const;
type BuiltInPart = (typeof BUILT_IN)[number];
export const BUILT_IN_PARTS: readonly string[] = BUILT_IN;

/** Converts an input that the options check has accepted: known names, named functions, no part twice. */
export function toDimension(input: DimensionInput): Dimension {
  const inputs = Array.isArray(input) ? (input as readonly DimensionPart[]) : [input as DimensionPart];
  const parts = inputs
    .map((part) => (typeof part === 'function' ? { name: part.name, read: part } : { name: part, read: undefined }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const [first] = inputs;
  return {
    name: parts.map(({ name }) => name).join('+'),
    hasUsername: parts.some(({ name }) => name === 'username'),
    hasIp: parts.some(({ name }) => name === 'ip'),
    parts,
    alone: inputs.length === 1 && typeof first === 'string' ? first : undefined,
  };
}

/** Returns the attempt's subject in this dimension; undefined if one of its parts is unknown. */
export function subjectOf(dimension: Dimension, attempt: Attempt, keys: KeyMaker): Subject | undefined {
  const { name: ofAll, alone } = dimension;
  if (alone) {
    const value = attempt[alone];
    if (!value) return undefined;
    const part = toPart(value);
    // Written out, since V8 leaves no spare room in such objects: 24 bytes less for each of a million subjects.
    if (alone === 'username') return keys.toSubject(ofAll, { username: part });
    return keys.toSubject(ofAll, alone === 'ip' ? { ip: part } : { userAgent: part });
  }
  const parts: Record<string, string> = {};
  for (const { name, read } of dimension.parts) {
    const value = read ? read(attempt) : attempt[name as BuiltInPart];
    if (!isKnown(name, value)) return undefined;
    parts[name] = toPart(value);
  }
  return keys.toSubject(ofAll, parts);
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
