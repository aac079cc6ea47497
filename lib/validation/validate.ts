/** Turns zod's issues into sentences from which the reader can fix the options. */

import type * as z from 'zod/mini';
import { LockoutConfigError } from '../errors.js';
import { describeKind, describeName, describeValue } from './describe-value.js';
import { editDistance } from './edit-distance.js';
import { expectation } from './expectation.js';
import { invalidOption } from './invalid-option.js';

/** Options whose value must not reach a log. */
const SECRET_OPTIONS = new Set(['pseudonymize', 'secret', 'unlockTokenSecret']);
/** Members whose value identifies a person. */
const PERSONAL = new Set(['query.username']);
/** An application that passes on what a client sent may have a thousand wrong members. */
const MAX_PROBLEMS = 10;
/** No option has a longer name. */
const MAX_HINTED_CHARS = 40;

/**
 * @param label - what is checked, e.g. `options`; the prefix of each option's path
 * @throws {LockoutConfigError} naming every wrong option, what was expected and what was given
 */
export function validateOptions<T extends z.ZodMiniType>(schema: T, input: unknown, label: string): z.output<T> {
  const result = parse(schema, input, label);
  if (result.success) return result.data;
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const problems = result.error.issues.flatMap((issue) => describe(issue, input, label, known));
  const unknownOnly = result.error.issues.every(({ code }) => code === 'unrecognized_keys');
  throw new LockoutConfigError(
    unknownOnly ? 'ERR_LOCKOUT_OPTION_UNKNOWN' : 'ERR_LOCKOUT_OPTION_INVALID',
    bounded(problems).join('\n'),
  );
}

function parse<T extends z.ZodMiniType>(
  schema: T,
  input: unknown,
  label: string,
): z.core.util.SafeParseResult<z.output<T>> {
  try {
    return schema.safeParse(input, { error: expectation });
  } catch (cause) {
    // A proxy trap or an accessor threw.
    throw invalidOption(label, 'values that can be read', describeValue(input), { cause });
  }
}

function describe(issue: z.core.$ZodIssue, input: unknown, label: string, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    const at = pathText(label, issue.path);
    return unknownNames(
      at,
      issue.keys.slice(0, MAX_PROBLEMS + 1),
      issue.path.length > 0 ? namesIn(issue.message) : known,
    );
  }
  const at = pathText(label, issue.path);
  return [`${at}: expected ${issue.message}, got ${describeGot(at, issue.path, input)}`];
}

function describeGot(at: string, path: readonly PropertyKey[], input: unknown): string {
  if (path.some((part) => SECRET_OPTIONS.has(String(part)))) return describeSecret(valueAt(input, path));
  return PERSONAL.has(at) ? describeKind(valueAt(input, path)) : describeValue(valueAt(input, path));
}

/** An empty secret is usually an environment variable that is not set. */
function describeSecret(value: unknown): string {
  return value === '' ? 'an empty string' : 'something else (not shown, it may be a secret)';
}

function bounded(problems: readonly string[]): readonly string[] {
  return problems.length > MAX_PROBLEMS ? [...problems.slice(0, MAX_PROBLEMS), '... and more'] : problems;
}

/**
 * Returns the message for an unknown name.
 *
 * @param at - the object with the member, e.g. `options`
 * @param known - the known names
 */
export function unknownName(at: string, key: string, known: readonly string[]): string {
  return unknownNames(at, [key], known).join();
}

/** Suggests for each name the option that was probably meant; the first name that resembles none lists all options. */
function unknownNames(at: string, keys: readonly string[], known: readonly string[]): string[] {
  const all = `; known options are ${known.join(', ') || 'none'}`;
  const meant = keys.map((key) => nearest(key, known));
  const first = meant.indexOf(undefined);
  return keys.map((key, index) => {
    const hint = meant[index] === undefined ? '' : `; did you mean ${meant[index]}?`;
    return `${at}.${describeName(key)}: there is no such option${index === first ? all : hint}`;
  });
}

/** Returns undefined if no name is close enough. */
function nearest(key: string, known: readonly string[]): string | undefined {
  if (key.length > MAX_HINTED_CHARS) return undefined;
  const ranked = known.map((name) => ({ name, steps: editDistance(key.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.steps - b.steps)[0];
  return best && best.steps <= Math.max(2, Math.floor(key.length / 3)) ? best.name : undefined;
}

/** Extracts the names from an expectation such as "an object { ips, usernames, when }". */
function namesIn(expected: string): readonly string[] {
  return /\{ (?<names>[\w, ]+) \}/.exec(expected)?.groups?.['names']?.split(', ') ?? [];
}

function pathText(label: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${describeName(String(part))}`),
    label,
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part],
    input,
  );
}
