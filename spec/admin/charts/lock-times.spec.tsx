import { expect } from 'chai';
import { render } from 'preact-render-to-string';
import { LockTimes } from '../../../lib/admin/charts/lock-times.js';
import { textOf } from '../../support/sites/admin-desk.js';

const MINUTE = 60_000;

function draw(lockMs: readonly number[]): string {
  const steps = lockMs.map((ms, index) => ({ failures: 3 * (index + 1), isInARow: false, lockMs: ms }));
  return render(<LockTimes id="x" steps={steps} />);
}

/** In percent. */
function widthsOf(html: string): readonly number[] {
  return [...html.matchAll(/<rect[^>]* width="([\d.]+)%"/g)].map(([, width]) => Number(width));
}

describe('The chart of the lengths of locks', () => {
  it('draws a longer lock as a longer bar, and one until reset over the whole width', () => {
    const [short = 0, medium = 0, long = 0, forever] = widthsOf(
      draw([15 * MINUTE, 120 * MINUTE, 1_440 * MINUTE, Infinity]),
    );
    expect(short).to.be.above(0).and.below(medium);
    expect(medium).to.be.below(long);
    expect(forever).to.equal(100);
  });

  it('says in words what it shows', () => {
    expect(textOf(draw([15 * MINUTE, Infinity]))).to.include('3 failures: 15 m; 6 failures: until reset.');
  });

  for (const [what, lengths] of [
    ['one lock of a millisecond', [1]],
    ['locks of a second and of years', [1_000, 10 ** 12]],
    ['locks until reset alone', [Infinity]],
    ['no lock', []],
  ] as const) {
    it(`draws ${what} within its width`, () => {
      const html = draw(lengths);
      expect(html).not.to.match(/NaN|Infinity/);
      for (const width of widthsOf(html)) expect(width).to.be.within(0.5, 100);
    });
  }

  it('leaves steps of a long ladder out, but not the last, and says how many', () => {
    const html = draw(Array.from({ length: 100 }, (_, index) => (index + 1) * 1_000));
    expect(widthsOf(html)).to.have.length(16);
    expect(textOf(html)).to.include('300 failures').and.include('84 steps before the last are left out');
  });
});
