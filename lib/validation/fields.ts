/** Fields that several schemas share. The texts complete the sentence "expected ..., got ...". */
import * as z from 'zod/mini';
import { type CooloffInput, DURATION_EXPECTED, parseDuration } from '../util/durations.js';
import { toPrintable } from '../util/printable.js';
import { expectation } from './expectation.js';

/** Node's timers overflow beyond 2^31 - 1 ms and then fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** How many records a page has by default. */
export const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;
const PAGE_SIZE = `a whole number from 1 to ${MAX_PAGE}`;

export const anObject = 'an object of options';
export const aString = z.string('a string');
export const text = aString.check(z.minLength(1, 'a string that is not empty'));
/** Bounds the reason and the name of an operator: both are kept with each record concerned, and in logs. */
const MAX_NOTE_CHARS = 1_000;
const NOTE = 'a string of 1 to 1,000 characters';
/** A reason or name; the parsed value is safe to log. */
export const note = z.pipe(
  z.string(NOTE).check(z.minLength(1, NOTE), z.maxLength(MAX_NOTE_CHARS, NOTE)),
  z.transform(toPrintable),
);
export const aBoolean = z.boolean('true or false');
/** For a field that is true or absent. */
export const onlyTrue = z.literal(true, 'true');
export const aDate = z.date('a Date');
export const pageLimit = z.optional(z.int(PAGE_SIZE).check(z.minimum(1, PAGE_SIZE), z.maximum(MAX_PAGE, PAGE_SIZE)));

/** Accepts one of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(...words: T): z.ZodMiniType<T[number]> {
  const quoted = words.map((word) => `'${word}'`);
  const last = quoted.pop();
  return z.enum(words, quoted.length === 0 ? String(last) : `${quoted.join(', ')} or ${last}`);
}

/** Accepts what a predicate accepts. */
export function custom<T>(expected: string, accepts: (value: unknown) => boolean): z.ZodMiniType<T> {
  return z.custom<T>(accepts, expected);
}

export function aFunction<T extends (...args: never[]) => unknown = never>(what: string): z.ZodMiniType<T> {
  return custom(`a function ${what}`, (value) => typeof value === 'function');
}

export const clock = aFunction<() => number>('that returns epoch milliseconds');

export function wholeNumber(min: number, max: number, expected: string): z.ZodMiniType<number> {
  return z.int(expected).check(z.minimum(min, expected), z.maximum(max, expected));
}

/** @param range - completes the sentence, e.g. "1 to 400 days" */
export function durationMs(range: string, min: number, max: number): z.ZodMiniType<number> {
  return custom(`${DURATION_EXPECTED}, ${range}`, (value) => {
    const ms = parseDuration(value);
    return ms !== undefined && ms >= min && ms <= max;
  });
}

/** Accepts a duration for which one of Node's timers has to wait. */
export function timerDuration(minMs: number): z.ZodMiniType<number> {
  return durationMs(minMs > 0 ? 'over 0, at most 24 days' : '0 to 24 days', minMs, MAX_TIMER_MS);
}

export function duration(minMs: number): z.ZodMiniType<number> {
  return durationMs(minMs > 0 ? 'over 0' : 'from 0', minMs, Number.MAX_SAFE_INTEGER);
}

export const cooloff = custom<CooloffInput>(`${DURATION_EXPECTED}, over 0, or 'forever'`, (value) => {
  const ms = parseDuration(value);
  return ms !== undefined && ms > 0 && (ms <= Number.MAX_SAFE_INTEGER || value === 'forever');
});

/** For an option that is either one value or another: the issues of the one that was meant, and not those of both. */
export function addIssuesOf(schema: z.ZodMiniType, value: unknown, context: z.core.$RefinementCtx): void {
  const issues = schema.safeParse(value, { error: expectation }).error?.issues ?? [];
  for (const issue of issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
}
