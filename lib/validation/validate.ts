/** Turns what zod finds into one sentence that lets the reader mend it. */

import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { LockoutConfigError } from '../errors.js';
import { describeKind, describeName, describeValue } from './describe-value.js';
import { invalidOption } from './invalid-option.js';

/** Options whose value must not reach a log. */
const SECRET_OPTIONS = new Set(['pseudonymize', 'unlockTokenSecret']);
/** Members whose value names a person. */
const PERSONAL = new Set(['query.username']);
/** Somebody who hands on what a client sent may have a thousand wrong ones. */
const MAX_PROBLEMS = 10;
/** No option has a longer name. */
const MAX_HINTED_CHARS = 40;

/**
 * @param label - what is checked, e.g. `options`; stands before each option's path
 * @throws {LockoutConfigError} naming every wrong option, what was expected and what was got
 */
export function validateOptions<T extends z.ZodType>(schema: T, input: unknown, label: string): z.output<T> {
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

function parse<T extends z.ZodType>(schema: T, input: unknown, label: string): z.ZodSafeParseResult<z.output<T>> {
  try {
    return schema.safeParse(input);
  } catch (cause) {
    // A trap of a proxy, or an accessor.
    throw invalidOption(label, 'values that can be read', describeValue(input), { cause });
  }
}

function describe(issue: z.core.$ZodIssue, input: unknown, label: string, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    const at = pathText(label, issue.path);
    return issue.keys.slice(0, MAX_PROBLEMS + 1).map((key) => {
      if (issue.path.length > 0) return `${at}.${describeName(key)}: there is no such option here`;
      return unknownName(at, key, known);
    });
  }
  const at = pathText(label, issue.path);
  return [`${at}: expected ${issue.message}, got ${describeGot(at, issue.path, input)}`];
}

function describeGot(at: string, path: readonly PropertyKey[], input: unknown): string {
  if (path.some((part) => SECRET_OPTIONS.has(String(part)))) return 'something else (not shown, it may be a secret)';
  return PERSONAL.has(at) ? describeKind(valueAt(input, path)) : describeValue(valueAt(input, path));
}

function bounded(problems: readonly string[]): readonly string[] {
  return problems.length > MAX_PROBLEMS ? [...problems.slice(0, MAX_PROBLEMS), '... and more'] : problems;
}

/**
 * @param at - what has the member, e.g. `options`
 * @param known - the names that there are
 */
export function unknownName(at: string, key: string, known: readonly string[]): string {
  return `${at}.${describeName(key)}: there is no such option${hint(key, known)}`;
}

/** Names the option that was probably meant, when there is one near enough. */
function hint(key: string, known: readonly string[]): string {
  if (key.length > MAX_HINTED_CHARS) return `; known options are ${known.join(', ') || 'none'}`;
  const ranked = known.map((name) => ({ name, steps: distance(key.toLowerCase(), name.toLowerCase()) }));
  const nearest = ranked.sort((a, b) => a.steps - b.steps)[0];
  if (nearest && nearest.steps <= Math.max(2, Math.floor(key.length / 3))) return `; did you mean ${nearest.name}?`;
  return `; known options are ${known.join(', ') || 'none'}`;
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
