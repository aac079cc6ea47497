/** `npm run bench` with few logins: that everything runs and is shown. Its figures say nothing here, and none is judged. */
import { expect } from 'chai';
import { judge } from '../../../bench/compare/bounds.js';
import { LEGEND, OURS, PLAIN, RIVAL } from '../../../bench/compare/contender.js';
import { toRatios } from '../../../bench/compare/ratios.js';
import { toBoundsText, toText } from '../../../bench/compare/report.js';
import { compare } from '../../../bench/compare/run.js';
import { SMOKE } from '../../../bench/compare/settings.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';

const contendersOf = ({ figures }: Awaited<ReturnType<typeof compare>>) => [
  ...new Set(figures.map(({ contender }) => contender)),
];

describe('the comparison of what a login costs in memory', () => {
  it('has a figure for each contender and case from each round', async () => {
    const comparison = await compare(['memory'], SMOKE);

    expect(contendersOf(comparison)).to.have.members([PLAIN, OURS, RIVAL, 'rlf recipe', 'erl', 'brute']);
    for (const { rounds } of comparison.figures) {
      expect(rounds).to.have.length(SMOKE['memory']?.rounds ?? 0);
      expect(rounds.every((value) => value > 0)).to.equal(true);
    }
    expect(comparison.judged.map((bound) => bound.case)).to.deep.equal([
      'good, known',
      'good, fresh',
      'failed, known',
      'failed, fresh',
      'refused',
    ]);
  });

  it('is shown with a line for each case, and a line for each bound', async () => {
    const { figures, ratios, judged } = await compare(['memory'], SMOKE);

    expect(toText(figures, ratios)).to.match(/^refused +\d/m);
    expect(toBoundsText(judged).split('\n')).to.have.length(judged.length + 1);
  });
});

describeMongo('the comparison of what a login costs on MongoDB', () => {
  it('counts the commands and round trips of each contender beside its times', async () => {
    const comparison = await compare(['mongo'], SMOKE);
    const commands = comparison.figures.filter(({ measure }) => measure === 'commands');

    expect(contendersOf(comparison)).to.have.members(Object.keys(LEGEND).filter((name) => name !== 'erl'));
    expect(
      commands.filter(({ contender }) => contender === PLAIN).every(({ rounds: [count] }) => count === 0),
    ).to.equal(true);
    expect(
      commands.find((figure) => figure.contender === RIVAL && figure.case === 'good, known')?.rounds,
    ).to.deep.equal([4]);
    expect(comparison.figures.some(({ measure }) => measure === 'throughput')).to.equal(true);
  });
});

describe('the comparison of what a login costs on Redis', () => {
  it('counts the commands of each contender as the server sees them', async () => {
    const comparison = await compare(['redis'], SMOKE);
    const counted = (contender: string, name: string) =>
      comparison.figures.find(
        (figure) => figure.measure === 'commands' && figure.contender === contender && figure.case === name,
      )?.rounds;

    expect(contendersOf(comparison)).to.have.members([PLAIN, OURS, RIVAL, 'rlf recipe', 'rlf block']);
    expect(counted(PLAIN, 'good, known')).to.deep.equal([0]);
    expect(counted(RIVAL, 'good, known')).to.deep.equal([4]);
    expect(counted(OURS, 'failed, fresh')).to.deep.equal([2]);
    expect(counted(OURS, 'refused')).to.deep.equal([0]);
  });
});

describe('the bounds of the comparison', () => {
  const figure = (contender: string, rounds: readonly number[]) =>
    ({ store: 'memory', measure: 'latency', case: 'good, known', contender, rounds }) as const;

  it('are of what is added to plain Passport, in the median of the rounds', () => {
    const figures = [figure(PLAIN, [1, 1, 1]), figure(RIVAL, [2, 3, 2]), figure(OURS, [3, 5, 9])];

    const ratios = toRatios(figures);

    expect(ratios[0]?.ratio).to.deep.include({ min: 2, median: 2, max: 8 });
    expect(judge(figures, ratios)[0]).to.include({ limit: 2, holds: true });
  });

  it('are broken where the median is over', () => {
    const figures = [figure(PLAIN, [1, 1, 1]), figure(RIVAL, [2, 2, 2]), figure(OURS, [3, 4, 4])];

    expect(judge(figures, toRatios(figures))[0]).to.include({ holds: false });
  });

  it('are not judged where the rival adds nothing that could be measured', () => {
    const figures = [figure(PLAIN, [2, 2, 2]), figure(RIVAL, [2, 2, 3]), figure(OURS, [3, 4, 4])];

    expect(judge(figures, toRatios(figures))[0]).to.include({ value: undefined });
  });
});
