/** Values of every kind, as somebody may give them by mistake, and functions that do every wrong thing. */
import fc from 'fast-check';
import { Duration } from 'luxon';
import { Lockout, MemoryStore } from '../../../lib/index.js';

/** What the functions below throw and reject with; it is the application's own, so that it may come back as it is. */
export const BOOM = new Error('boom');

const SHARED = [
  null,
  undefined,
  true,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  2 ** 53,
  10n ** 30n,
  '',
  ' ',
  '\u202e\n\u001b[2J',
  '__proto__',
  'constructor',
  'alice',
  '203.0.113.9',
  '2001:db8::1',
  '127.0.0.1/8',
  'PT15M',
  'forever',
  '1.a',
  'CLIENT:'.repeat(20_000),
  '/'.repeat(100_000),
  '\ud800',
  Symbol('symbol'),
  new Date(Number.NaN),
  new Date(8.64e15),
  Duration.invalid('on purpose'),
  Duration.fromMillis(60_000),
  { isLuxonDuration: true, isValid: true },
  Object.create(null),
  { minutes: [5] },
  { minutes: 1 },
  new MemoryStore(),
  new Lockout(),
  AbortSignal.abort(),
] as const;

const FUNCTIONS = [
  () => true,
  () => false,
  () => undefined,
  () => 'alice',
  () => 5,
  () => ({}),
  () => [],
  () => {
    throw BOOM;
  },
  async () => true,
  async () => {
    throw BOOM;
  },
] as const;

export const aFunction = fc.constantFrom(...FUNCTIONS);
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(...SHARED) },
  { weight: 1, arbitrary: aFunction },
  {
    weight: 2,
    arbitrary: fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withTypedArray: true,
      withSparseArray: true,
    }),
  },
);

const MOST_MEMBERS = 6;

/**
 * An object with some of these members, each right; in half of them one is anything, so that what is behind the first check is
 * reached as well.
 */
export function bagOf(right: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const names = Object.keys(right);
  const bag = fc
    .subarray(names, { maxLength: Math.min(names.length, MOST_MEMBERS) })
    .chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, right[name] as fc.Arbitrary<unknown>]))));
  const wrong = fc.tuple(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string()), anything);
  return fc.oneof(
    { weight: 9, arbitrary: bag },
    { weight: 9, arbitrary: fc.tuple(bag, wrong).map(([most, [name, value]]) => ({ ...most, [name]: value })) },
    { weight: 1, arbitrary: anything },
  );
}

/** Where not every combination of members is right. */
export function oftenRight(any: fc.Arbitrary<unknown>, ...right: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(any, fc.constantFrom(...right));
}
