/** Turns what zod finds into one sentence that lets the reader mend it. */
import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { LockoutConfigError } from '../errors.js';
import { describeValue } from './describe-value.js';

/** Options whose value must not reach a log. */
const SECRET_OPTIONS = new Set(['pseudonymize', 'unlockTokenSecret']);
/**
 * @param label - what is checked, e.g. `options`; stands before each option's path
 * @throws {LockoutConfigError} naming every wrong option, what was expected and what was got
 */
export function validateOptions<T extends z.ZodType>(schema: T, input: unknown, label: string): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const known = 'shape' in schema ? Object.keys(schema.shape as object) : [];
  const problems = result.error.issues.flatMap((issue) => describe(issue, input, label, known));
  const unknownOnly = result.error.issues.every(({ code }) => code === 'unrecognized_keys');
  throw new LockoutConfigError(
    unknownOnly ? 'ERR_LOCKOUT_OPTION_UNKNOWN' : 'ERR_LOCKOUT_OPTION_INVALID',
    problems.join('\n'),
  );
}

function describe(issue: z.core.$ZodIssue, input: unknown, label: string, known: readonly string[]): string[] {
  if (issue.code === 'unrecognized_keys') {
    const at = pathText(label, issue.path);
    return issue.keys.map((key) => {
      if (issue.path.length > 0) return `${at}.${key}: there is no such option here`;
      return `${at}.${key}: there is no such option${hint(key, known)}`;
    });
  }
  const secret = issue.path.some((part) => SECRET_OPTIONS.has(String(part)));
  const got = secret ? 'something else (not shown, it may be a secret)' : describeValue(valueAt(input, issue.path));
  return [`${pathText(label, issue.path)}: expected ${issue.message}, got ${got}`];
}

/** Names the option that was probably meant, when there is one near enough. */
function hint(key: string, known: readonly string[]): string {
  const ranked = known.map((name) => ({ name, steps: distance(key.toLowerCase(), name.toLowerCase()) }));
  const nearest = ranked.sort((a, b) => a.steps - b.steps)[0];
  if (nearest && nearest.steps <= Math.max(2, Math.floor(key.length / 3))) return `; did you mean ${nearest.name}?`;
  return `; known options are ${known.join(', ') || 'none'}`;
}

function pathText(label: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`),
    label,
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);
}
