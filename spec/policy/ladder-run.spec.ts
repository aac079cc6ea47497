/** The default options, lived through with a clock. */
import { expect } from 'chai';
import { resolveOptions } from '../../lib/options/resolve.js';
import { MemoryStore } from '../../lib/stores/memory/memory-store.js';
import { toDimension } from '../../lib/subject/dimension.js';
import { attemptOf } from '../subject/examples.js';
import { DAY, HOUR, MINUTE, SECOND } from './examples.js';
import { Guessing } from './guessing.js';

describe('The policy with the default options', () => {
  const defaults = (dimension: 'username' | 'ip') =>
    resolveOptions({}, () => new MemoryStore()).policyFor(toDimension(dimension), attemptOf());

  /** Fails until locked. @returns the tier and the length of the lock */
  function failUntilLocked(subject: Guessing, failures: number): readonly [number | string | null, number] {
    const tiers = Array.from({ length: failures }, () => {
      subject.now += SECOND;
      return subject.guess('failure');
    });
    expect(tiers.slice(0, -1)).to.deep.equal(Array.from({ length: failures - 1 }, () => null));
    expect(subject.guess('failure')).to.equal('locked');
    return [tiers[failures - 1] ?? null, subject.lockedFor];
  }

  /** Every number in eight bytes, as databases keep it. */
  const sizeOf = (record: object) =>
    JSON.stringify(record, (_, value) => (typeof value === 'number' ? '8 bytes.' : value)).length;

  it('F13 climbs the ladder 3/6/10 to its end as time passes', () => {
    const subject = new Guessing(defaults('username'));

    const RUN = [
      { failures: 3, tier: 0, cooloff: 15 * MINUTE },
      { failures: 3, tier: 1, cooloff: 2 * HOUR },
      { failures: 4, tier: 2, cooloff: DAY },
      { failures: 1, tier: 2, cooloff: DAY },
      { failures: 1, tier: 2, cooloff: DAY },
    ];
    for (const { failures, tier, cooloff } of RUN) {
      expect(failUntilLocked(subject, failures)).to.deep.equal([tier, cooloff]);
      subject.now += cooloff - 1;
      expect(subject.guess('failure')).to.equal('locked');
      subject.now += 1;
    }
    expect(subject.state.failures).to.equal(12);

    // The last lock has just ended. It was no quiet time: the failures are remembered for another 7 days.
    expect(subject.state.forgetAt).to.equal(subject.now + 7 * DAY);
    const lockEnd = subject.now;
    subject.now = lockEnd + 7 * DAY - 1;
    subject.reserve('just before');
    expect(subject.state.failures).to.equal(12);

    subject.now = lockEnd + 7 * DAY + MINUTE;
    expect(failUntilLocked(subject, 3)).to.deep.equal([0, 15 * MINUTE]);
  });

  it('F13 keeps its place on the ladder with one failure a day before the failures are forgotten', () => {
    const subject = new Guessing(defaults('username'));
    failUntilLocked(subject, 3);
    subject.now += 15 * MINUTE + DAY - 1;
    expect(subject.guess('failure')).to.equal(null);
    expect(subject.state.failures).to.equal(4);
  });

  it('F13 locks an address at 30, 60 and 100 failures, counted from its first', () => {
    const subject = new Guessing(defaults('ip'));
    const start = subject.now + SECOND;
    expect(failUntilLocked(subject, 30)).to.deep.equal([0, 15 * MINUTE]);
    subject.now += 15 * MINUTE;
    expect(failUntilLocked(subject, 30)).to.deep.equal([1, 2 * HOUR]);
    subject.now = start + DAY;
    expect(failUntilLocked(subject, 30)).to.deep.equal([0, 15 * MINUTE]);
  });

  it('F40 keeps the record the same size over 100,000 failures', () => {
    const subject = new Guessing(defaults('username'));
    const sizes = new Set<number>();
    for (let failures = 1; failures <= 100_000; failures += 1) {
      subject.now = Math.max(subject.now, subject.state.lockedUntil);
      subject.guess('failure');
      if (failures >= 10) sizes.add(sizeOf({ ...subject.state, lockedBy: 'the name of a lease' }));
    }
    expect(subject.state.failures).to.equal(100_000);
    expect(sizes.size).to.equal(1);
  });
});
