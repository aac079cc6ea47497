/** `npm run bench:people` as it is, with its first seed. */
import { expect } from 'chai';
import { SCENARIOS } from '../../../bench/people/scenarios.js';
import { FULL } from '../../../bench/people/settings.js';
import { simulate } from '../../../bench/people/simulate.js';
import { runTask, YEAR } from '../../../bench/people/task.js';
import type { YearResult } from '../../../bench/people/year.js';

const OURS = 'passport-lockout, without secret';

describe('a thousand people and the library without a secret', function () {
  this.timeout(1_200_000);

  it('are all kept out when their names are attacked, half when their office is, and guessed at ten times at most', async () => {
    const scenarios = SCENARIOS.map(({ id }) => id);

    const [row] = await simulate({ policies: [OURS], scenarios, seeds: [1], settings: FULL });

    const figures = scenarios.map((id) => {
      const [day] = row?.days[id] ?? [];
      return [id, day?.people.known.out, day?.people.unknown.out, day?.guesses.max];
    });
    expect(figures).to.deep.equal([
      ['0', 0, 0, 0],
      ['A', 0, 0, 1],
      ['B', 1_978, 103, 10],
      ['C', 1_978, 103, 10],
      ['D', 963, 55, 1],
      ['F', 0, 0, 1],
      ['G', 0, 0, 1],
    ]);
  });

  it('grant at most 472 guesses a year at one account, also where its owner logs in every minute', async () => {
    const year = (await runTask({ policy: OURS, scenario: YEAR, seed: 1, settings: FULL })) as YearResult;

    expect(year.minutely).to.be.within(300, 472);
    expect(year.patient).to.be.within(year.minutely, 472);
    expect(year.busyProgram.judged).to.be.within(10, 472 / 12);
  });
});
