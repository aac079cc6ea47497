/** `npm run bench:people` as it is, with its first seed. */
import { expect } from 'chai';
import { runDay } from '../../../bench/people/day.js';
import { library, SECRET } from '../../../bench/people/library.js';
import { SCENARIOS } from '../../../bench/people/scenarios.js';
import { FULL } from '../../../bench/people/settings.js';
import { simulate } from '../../../bench/people/simulate.js';
import { runTask, YEAR } from '../../../bench/people/task.js';
import type { YearResult } from '../../../bench/people/year.js';

const DAYS = SCENARIOS.map(({ id }) => id);

async function figuresOf(policy: string, scenarios: readonly string[]) {
  const [row] = await simulate({ policies: [policy], scenarios, seeds: [1], settings: FULL });
  return scenarios.map((id) => {
    const [day] = row?.days[id] ?? [];
    const { known, unknown, stale } = day?.people ?? {};
    return [id, known?.refused, known?.out, unknown?.out, stale?.out, day?.guesses.max];
  });
}

const yearOf = async (policy: string) =>
  (await runTask({ policy, scenario: YEAR, seed: 1, settings: FULL })) as YearResult;

describe('a thousand people and the library without a secret', function () {
  this.timeout(1_200_000);

  it('are all kept out when their names are attacked, half when their office is, and guessed at ten times at most', async () => {
    const figures = await figuresOf('passport-lockout, without secret', DAYS);

    expect(figures).to.deep.equal([
      ['0', 18, 0, 0, 22, 0],
      ['A', 18, 0, 0, 22, 1],
      ['B', 9_812, 1_978, 103, 22, 10],
      ['C', 9_812, 1_978, 103, 22, 10],
      ['D', 4_784, 963, 55, 22, 1],
      ['F', 18, 0, 0, 22, 1],
      ['G', 18, 0, 0, 22, 1],
      ['P', 4_595, 925, 55, 50, 0],
    ]);
  });

  it('grant at most 472 guesses a year at one account, also where its owner logs in every minute', async () => {
    const year = await yearOf('passport-lockout, without secret');

    expect([year.minutely, year.patient, year.busyProgram.judged]).to.deep.equal([374, 430, 39]);
  });
});

describe('a thousand people and the library with a secret', function () {
  this.timeout(1_200_000);

  /** A guess more than ten is one whose digest is that of an earlier one: see the last spec. */
  const ROWS = [
    {
      policy: 'passport-lockout',
      withoutCookieOut: { B: 103, C: 103, D: 55 },
      staleOut: 1,
      most: { B: 10, C: 10 },
    },
    {
      policy: 'passport-lockout, presets.nist',
      withoutCookieOut: { B: 48, C: 103, D: 55 },
      staleOut: 1,
      most: { B: 41, C: 46 },
    },
    {
      policy: 'passport-lockout, middleware()',
      withoutCookieOut: { B: 103, C: 103, D: 55 },
      staleOut: 1,
      most: { B: 10, C: 10 },
    },
    {
      policy: 'passport-lockout, a fifth of the cookies lost',
      withoutCookieOut: { B: 523, C: 523, D: 246 },
      staleOut: 3,
      most: { B: 10, C: 10 },
    },
    {
      policy: 'passport-lockout, second factors',
      withoutCookieOut: { B: 103, C: 103, D: 55 },
      staleOut: 1,
      most: { B: 10, C: 10 },
    },
  ];
  for (const { policy, withoutCookieOut: out, staleOut, most } of ROWS) {
    it(`are never refused on known devices, and never out on a quiet day: ${policy}`, async () => {
      const figures = await figuresOf(policy, DAYS);

      expect(figures).to.deep.equal([
        ['0', 0, 0, 0, 0, 0],
        ['A', 0, 0, 0, 0, 1],
        ['B', 0, 0, out.B, staleOut, most.B],
        ['C', 0, 0, out.C, staleOut, most.C],
        ['D', 0, 0, out.D, 1, 1],
        ['F', 0, 0, 0, 0, 1],
        ['G', 0, 0, 0, 0, 1],
        ['P', 0, 0, 0, 0, 0],
      ]);
    });
  }

  it('are out when the attack comes before their browsers have a cookie', async () => {
    const figures = await figuresOf('passport-lockout, first day of secret', ['0', 'B', 'C', 'D']);

    expect(figures).to.deep.equal([
      ['0', 0, 0, 0, 0, 0],
      ['B', 0, 0, 2_081, 22, 10],
      ['C', 0, 0, 2_081, 22, 10],
      ['D', 0, 0, 1_018, 12, 1],
    ]);
  });

  it('grant at most 472 guesses a year at one account from elsewhere, and its owner gets in each time', async () => {
    for (const policy of ['passport-lockout', 'passport-lockout, second factors']) {
      const year = await yearOf(policy);

      expect([year.minutely, year.patient, year.refused]).to.deep.equal([374, 468, 0]);
      expect(year.busyBrowser).to.deep.equal({ judged: 39, refused: 0 });
    }
  });

  it('have at most ten guesses verified in a day where a repeated guess counts like any other', async () => {
    const options = { secret: SECRET, repeatedGuess: 'count' } as const;
    const botnet = SCENARIOS.filter(({ id }) => id === 'B');

    for (const scenario of botnet) {
      const { people, guesses } = await runDay(library('repeats count', { options }), scenario, 1, FULL);

      expect([people.known.refused, guesses.max]).to.deep.equal([0, 10]);
    }
  });
});
