/** Charts, as they are read: names, descriptions, tables, and marks for each count. */
import { expect } from 'chai';
import { render } from 'preact-render-to-string';
import { Ladder } from '../../../lib/admin/charts/ladder.js';
import { MinuteBars } from '../../../lib/admin/charts/minute-bars.js';
import { Sparkline } from '../../../lib/admin/charts/sparkline.js';
import { TimeLine } from '../../../lib/admin/charts/time-line.js';
import { buckets, HOUR, MINUTE, NOW } from '../../support/fixtures/now-snapshots.js';
import { lockedName } from '../../support/fixtures/subject-snapshots.js';

function count(html: string, part: string): number {
  return html.split(part).length - 1;
}

describe('Sparkline', () => {
  const spark = (values: readonly number[], before?: readonly number[]): string =>
    render(<Sparkline id="s" title="Failed a minute" tone="failed" values={values} before={before} />);

  it('is an image with a name, and a description of its course', () => {
    const html = spark([3, 1200, 7]);
    expect(html).to.contain('role="img" aria-labelledby="s-title s-desc"').and.contain('>Failed a minute</title>');
    expect(html).to.contain('Lowest 3, highest 1,200, last 7.');
  });

  it('draws the day before as a line of its own, once it is known', () => {
    expect(count(spark([1, 2], [2, 1]), 'class="before"')).to.equal(1);
    expect(count(spark([1, 2]), 'class="before"')).to.equal(0);
  });

  it('draws no line of zeros, which would look like a border', () => {
    expect(spark([0, 0, 0], [0, 0, 0])).to.not.contain('<path');
  });

  it('says that there are no counts yet', () => {
    expect(spark([])).to.contain('No counts yet.').and.not.contain('NaN');
  });

  it('stays inside of its box, whatever the counts are', () => {
    const ys = [...spark([0, 1, 1e9]).matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...ys)).to.be.at.least(0);
    expect(Math.max(...ys)).to.be.at.most(40);
  });
});

describe('MinuteBars', () => {
  const FROM = Date.UTC(2026, 10, 26, 13);
  const bars = (length: number, bucketMs: number): string =>
    render(
      <MinuteBars
        id="b"
        title="Attempts"
        bucketMs={bucketMs}
        buckets={buckets(length, bucketMs, FROM, (index) =>
          index === 3 ? { failed: 1200, refused: 9, succeeded: 1, locks: 2 } : { failed: 1 },
        )}
      />,
    );

  for (const [length, bucketMs] of [
    [60, MINUTE],
    [96, 15 * MINUTE],
    [168, HOUR],
  ] as const) {
    it(`draws ${length} buckets of ${bucketMs / MINUTE} minutes, with a mark where locks were set`, () => {
      const html = bars(length, bucketMs);
      expect(count(html, 'class="bar failed"')).to.equal(length);
      expect(count(html, 'class="mark"')).to.equal(1);
      expect(html).to.not.contain('NaN');
    });
  }

  it('says in words how many there were, and when there were most', () => {
    expect(bars(60, MINUTE)).to.contain(
      '1,259 failed, 9 refused and 1 succeeded; 2 locks set. Most at 2026-11-26 13:03 UTC: 1,200 failed, 9 refused, 1 succeeded, 2 locks set.',
    );
  });

  it('has every bucket in a table, the newest first', () => {
    const rows = bars(60, MINUTE).match(/<th scope="row">[^<]*/g) ?? [];
    expect(rows).to.have.length(60);
    expect([rows.at(0), rows.at(-1)]).to.deep.equal([
      '<th scope="row">2026-11-26 13:59',
      '<th scope="row">2026-11-26 13:00',
    ]);
  });

  it('shows a single failure beside thousands', () => {
    const heights = [...bars(60, MINUTE).matchAll(/class="bar[^>]* height="([\d.]+)"/g)].map(([, height]) =>
      Number(height),
    );
    expect(Math.min(...heights)).to.be.at.least(1);
  });

  it('says that nothing happened, and draws an axis all the same', () => {
    const html = render(<MinuteBars id="b" title="Attempts" bucketMs={MINUTE} buckets={[]} />);
    expect(html).to.contain('No attempts in this time.').and.contain('class="axis"').and.not.contain('NaN');
  });
});

describe('Ladder', () => {
  const STEPS = lockedName.steps;

  it('describes its steps, where the subject stands, and the tier that holds', () => {
    expect(render(<Ladder id="l" steps={STEPS} failures={6} holding={1} />)).to.contain(
      '3 failures: locked for 15 m; 6 failures: locked for 2 h; 10 failures: locked for 1 d; 100 failures: locked until reset. Now at 6 failures. Tier 2 holds.',
    );
  });

  it('marks no position on a ladder that is drawn alone', () => {
    expect(render(<Ladder id="l" steps={STEPS} failures={null} holding={null} />)).to.not.contain('here-dot');
  });

  for (const [failures, cx] of [
    [0, '0%'],
    [3, '11.11%'],
    [6, '33.33%'],
    [8, '44.44%'],
    [100, '77.78%'],
    [1_000_000, '97.78%'],
  ] as const) {
    it(`has ${failures} failures at ${cx} of its width`, () => {
      expect(render(<Ladder id="l" steps={STEPS} failures={failures} holding={null} />)).to.contain(
        `class="here-dot" cx="${cx}"`,
      );
    });
  }
});

describe('TimeLine', () => {
  const FROM = NOW - 6 * HOUR;
  const HOSTILE = '<b>\u202eops</b>';
  const line = render(
    <TimeLine
      id="t"
      title="Attempts"
      from={FROM}
      to={NOW}
      attempts={[
        { at: NOW - HOUR, outcome: 'failed', count: 1 },
        { at: NOW - 2 * HOUR, outcome: 'refused', count: 40 },
        { at: NOW - 3 * HOUR, outcome: 'succeeded', count: 1 },
      ]}
      locks={[
        { from: NOW - 9 * HOUR, to: NOW - 5 * HOUR },
        { from: NOW - HOUR, to: null },
      ]}
      acts={[{ at: NOW - 4 * HOUR, act: 'unblocked', actor: HOSTILE, reason: HOSTILE }]}
    />,
  );

  it('draws each outcome in a shape of its own', () => {
    expect(line).to.match(/<path class="dot failed"/);
    expect(line).to.match(/<circle class="dot refused"/);
    expect(line).to.match(/<circle class="dot succeeded"/);
  });

  it('draws locks from their beginning to their end, within the time that is shown', () => {
    expect(line).to.contain('class="band" x="0%" width="16.67%"').and.contain('class="band" x="83.33%" width="16.67%"');
  });

  it('describes what happened in words', () => {
    expect(line).to.contain('1 succeeded, 1 failed, 40 refused; locked 2 times; 1 act of operators.');
  });

  it('has all of it in a table, the newest first, with who acted and why', () => {
    const text = line.slice(line.indexOf('<tbody>')).replace(/(?:<[^>]+>|\s)+/g, ' ');
    expect(text).to.match(/Failed .* Refused 40 times .* Succeeded .* \\u\{202e\} ops.* unblocked: .*ops/);
    expect(text).to.contain('Locked until reset');
  });

  it('escapes what operators and clients wrote', () => {
    expect(line).to.not.contain('<b>').and.not.contain('\u202e');
  });
});
