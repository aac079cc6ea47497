/** Refusals that repeat are few entries, and none of them is lost. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Thinning } from '../../lib/log/thinning.js';
import type { NewAttemptEntry } from '../../lib/stores/attempt-log.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';

const refused = (facts: Partial<NewAttemptEntry> = {}) => entryWith({ outcome: 'refused', reason: 'locked', ...facts });

describe('Thinning', () => {
  let timers: sinon.SinonFakeTimers;
  let thinning: Thinning;
  /** Entries that stand for several, with their ages when they were logged. */
  let logged: [entry: NewAttemptEntry, ageMs: number][];

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    logged = [];
    thinning = new Thinning((entry, at) => logged.push([entry, performance.now() - at]));
  });
  afterEach(() => timers.restore());

  /** @returns how many of them are logged one by one */
  function see(times: number, subject = 'ip=203.0.113.9', entry = refused()): number {
    return Array.from({ length: times }, () => thinning.see(subject, entry)).filter(Boolean).length;
  }

  it('X27 logs the first ten refusals of a minute one by one', () => {
    expect(see(10)).to.equal(10);
    expect(timers.countTimers()).to.equal(0);
  });

  it('X27 merges further refusals into one entry at the end of the minute, with their number and the time of the last one', () => {
    see(10);
    timers.tick(1_000);
    expect(see(2_990)).to.equal(0);
    timers.tick(58_999);
    expect(logged).to.deep.equal([]);
    timers.tick(1);
    expect(logged).to.deep.equal([[refused({ count: 2_990 }), 59_000]]);
    expect(timers.countTimers()).to.equal(0);
  });

  it('X27 starts again with the next minute', () => {
    see(20);
    timers.tick(60_000);
    expect(see(20)).to.equal(10);
    timers.tick(60_000);
    expect(logged.map(([{ count }]) => count)).to.deep.equal([10, 10]);
  });

  it('X27 counts each subject separately', () => {
    expect([see(20, 'a'), see(20, 'b'), see(5, 'c')]).to.deep.equal([10, 10, 5]);
    timers.tick(60_000);
    expect(logged.map(([{ count }]) => count)).to.deep.equal([10, 10]);
  });

  it('X27 keeps in the merged entry only what all its refusals have in common', () => {
    see(10);
    for (const username of ['a', 'b', 'b']) see(1, undefined, refused({ username, path: '/login' }));
    timers.tick(60_000);
    expect(logged[0]?.[0]).to.deep.equal(refused({ username: null, path: '/login', count: 3 }));
  });

  it('X27 logs at once what it has counted so far when it is flushed', () => {
    see(13);
    thinning.flush();
    expect(logged.map(([{ count }]) => count)).to.deep.equal([3]);
    expect(timers.countTimers()).to.equal(0);
    thinning.flush();
    expect(logged).to.have.length(1);
  });

  it('X27 tracks 10,000 subjects, and loses no refusal of subjects that it drops', () => {
    for (let subject = 0; subject < 10_005; subject += 1) see(11, `username=${subject}`);
    expect(logged).to.have.length(5);
    thinning.flush();
    expect(logged.reduce((sum, [{ count }]) => sum + count, 0)).to.equal(10_005);
  });
});
