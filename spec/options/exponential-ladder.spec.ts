import { expect } from 'chai';
import { exponentialLadder, Lockout, LockoutConfigError, type Tier } from '../../lib/index.js';
import { parseDuration } from '../../lib/util/durations.js';
import { stillStore } from '../support/stores/still-store.js';

const rungs = (tiers: readonly Tier[]) =>
  tiers.map(({ failures, cooloff }) => [failures, (parseDuration(cooloff) as number) / 1_000]);

describe('exponentialLadder', () => {
  const LADDERS = [
    {
      title: 'doubles with each failure up to the cap',
      options: { after: 3, base: { minutes: 1 }, cap: { minutes: 10 } },
      expected: [
        [3, 60],
        [4, 120],
        [5, 240],
        [6, 480],
        [7, 600],
      ],
    },
    {
      title: 'grows by another factor, in wider steps',
      options: { after: 5, base: 'PT1M', factor: 10, cap: 'PT1000M', every: 5 },
      expected: [
        [5, 60],
        [10, 600],
        [15, 6_000],
        [20, 60_000],
      ],
    },
    {
      title: 'has one tier if base and cap are equal',
      options: { after: 1, base: { hours: 1 }, cap: { hours: 1 } },
      expected: [[1, 3_600]],
    },
    {
      title: 'accepts factors that are not whole numbers',
      options: { after: 1, base: { seconds: 1 }, factor: 1.5, cap: { seconds: 3 } },
      expected: [
        [1, 1],
        [2, 1.5],
        [3, 2.25],
        [4, 3],
      ],
    },
  ] as const;
  for (const { title, options, expected } of LADDERS) {
    it(title, () => {
      expect(rungs(exponentialLadder(options))).to.deep.equal(expected);
    });
  }

  it('returns a ladder that a lockout accepts', async () => {
    const lockout = new Lockout({
      store: stillStore(),
      dimensions: ['username'],
      tiers: exponentialLadder({ after: 2, base: { minutes: 1 }, cap: { days: 1 } }),
    });
    await lockout.protect({ username: 'alice' }, () => false);
    await lockout.protect({ username: 'alice' }, () => false);
    expect((await lockout.status({ username: 'alice' })).remaining?.as('minutes')).to.equal(1);
  });

  const DURATION =
    "a duration such as '90s', '15m', '2h', '1d' or '1w', { minutes: 15 }, a luxon Duration or an ISO 8601 string such as 'PT15M', over 0";
  const GOOD = { after: 3, base: 'PT1M', cap: 'P1D' } as const;
  const BAD = [
    { change: { after: 0 }, message: 'after: expected a whole number from 1 to 1,000,000, got 0 (a number)' },
    { change: { base: 'PT0S' }, message: `base: expected ${DURATION}, got "PT0S" (a string)` },
    { change: { cap: 'forever' }, message: `cap: expected ${DURATION}, got "forever" (a string)` },
    { change: { cap: 'PT1S' }, message: 'cap: expected at least base (60000 ms), got 1000 ms' },
    { change: { factor: 1 }, message: 'factor: expected a number from 1.1 to 1,000, got 1 (a number)' },
    { change: { every: 1.5 }, message: 'every: expected a whole number from 1 to 1,000,000, got 1.5 (a number)' },
    { change: { step: 2 }, message: 'step: there is no such option' },
  ];
  for (const { change, message } of BAD) {
    it(`F46 throws for ${JSON.stringify(change)}`, () => {
      expect(() => exponentialLadder({ ...GOOD, ...(change as object) })).to.throw(
        LockoutConfigError,
        `exponentialLadder options.${message}`,
      );
    });
  }
});
