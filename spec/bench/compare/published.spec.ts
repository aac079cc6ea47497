/** What the documents show of a run is what its figures say, and a new run replaces all of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { toChart } from '../../../bench/compare/publish/chart.js';
import { CHART, FIGURES, PAGE, withTables } from '../../../bench/compare/publish/publish.js';
import { type Summary, toSummary } from '../../../bench/compare/publish/summary.js';
import { toMarkdown } from '../../../bench/compare/publish/tables.js';
import type { Comparison } from '../../../bench/compare/run.js';
import { FULL, SMOKE } from '../../../bench/compare/settings.js';
import { REPOSITORY } from '../../support/tools/package/repository.js';

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');

describe('The figures that are published of npm run bench', () => {
  const summary = JSON.parse(read(FIGURES)) as Summary;

  it(`are those of the tables in ${PAGE}`, () => {
    const page = read(PAGE);

    expect(withTables(page, summary)).to.equal(page);
  });

  it(`are those of the chart ${CHART}`, () => {
    expect(read(CHART)).to.equal(toChart(summary));
  });

  it('are of every store, and name the command and the machine', () => {
    expect(summary.stores.map(({ store }) => store)).to.have.members(Object.keys(FULL));
    expect(summary.command).to.match(/^npm run bench/);
    expect(summary.machine).to.match(/^Node v\d+/);
  });
});

describe('A run that is published', () => {
  const spread = { median: 0.5, lower: 0.25, upper: 0.75, min: 0.1, max: 2 };
  const same = { store: 'redis', measure: 'latency', case: 'all wrong' } as const;
  const comparison: Comparison = {
    stores: [{ store: 'redis', description: 'Redis <7>' }],
    figures: [
      { ...same, contender: 'ours', rounds: [1, 2, 3] },
      { ...same, contender: 'rlf', rounds: [4, 4, 4] },
    ],
    ratios: [{ ...same, contender: 'ours', ratio: spread }],
    judged: [],
  };
  const run = { command: 'npm run bench', date: new Date('2100-01-02T03:04:05Z'), machine: 'Node v99' };
  const summaryOf = (settings: typeof FULL) => toSummary(comparison, { ...run, settings });

  it('has the medians, and the ratio with half of its rounds', () => {
    const text = toMarkdown(summaryOf(FULL));

    expect(text).to.include('| all wrong | 2.0 | 4.0 | 0.50 (0.25..0.75) |');
    expect(text).to.include('Of `npm run bench`, 2100-01-02: Node v99.');
  });

  it('is called provisional if it had fewer rounds than by default', () => {
    expect(toMarkdown(summaryOf(FULL))).not.to.match(/provisional/i);
    expect(toMarkdown(summaryOf(SMOKE))).to.match(/provisional/i);
    expect(toChart(summaryOf(SMOKE))).to.match(/provisional/);
  });

  it('has a chart with a title, a description that says every ratio, text for each, and colours for light and dark', () => {
    const chart = toChart(summaryOf(FULL));

    expect(chart).to.match(/^<svg [^>]*role="img" aria-labelledby="title desc">/);
    expect(chart).to.match(/<title id="title">.+<\/title>/);
    expect(chart).to.match(/<desc id="desc">.*Redis, all wrong: time of a login 0\.50 times\./);
    expect(chart).to.include('>0.50 (0.25 to 0.75)</text>');
    expect(chart).to.include('@media (prefers-color-scheme: dark)');
  });

  it('cannot be written into a page without the marks', () => {
    expect(() => withTables('# Performance', summaryOf(FULL))).to.throw('docs/performance.md');
  });
});
