/** Counts of attempts per minute and hour, as operators read them. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, MemoryStore } from '../../lib/index.js';
import type { AttemptLog } from '../../lib/stores/attempt-log.js';
import { LogSite, right, wrong } from './attempts/log-site.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe('Lockout.attemptCounts', () => {
  const site = new LogSite((clock) => new MemoryStore({ clock: clock.read }));

  beforeEach(() => {
    site.start({ dimensions: ['username'], tiers: [{ failures: 3, cooloff: '15m' }] });
    // At the beginning of an hour.
    site.clock.advance({ ms: HOUR_MS - (site.clock.read() % HOUR_MS) });
  });
  afterEach(() => site.lockout.close());

  it('returns the last 60 minutes without holes, with what failed, succeeded, was refused and locked', async () => {
    const first = site.clock.read();
    await site.guess('bob', { verify: right });
    for (let guesses = 0; guesses < 5; guesses += 1) await site.guess('alice');
    site.clock.advance({ minutes: 2 });
    await site.guess('carol');
    const counts = await site.lockout.attemptCounts();

    expect(counts).to.have.length(60);
    expect(counts.slice(-3)).to.deep.equal([
      { at: new Date(first), failed: 3, refused: 2, succeeded: 1, locks: 1 },
      { at: new Date(first + MINUTE_MS), failed: 0, refused: 0, succeeded: 0, locks: 0 },
      { at: new Date(first + 2 * MINUTE_MS), failed: 1, refused: 0, succeeded: 0, locks: 0 },
    ]);
  });

  it('returns the last 24 hours with `per: hour`', async () => {
    await site.guess('alice');
    site.clock.advance({ minutes: 59 });
    await site.guess('bob');
    site.clock.advance({ minutes: 2 });
    await site.guess('carol');
    const counts = await site.lockout.attemptCounts({ per: 'hour' });

    expect(counts).to.have.length(24);
    expect(counts.slice(-3).map(({ failed }) => failed)).to.deep.equal([0, 2, 1]);
  });

  it('begins with the period that `since` is in, and ends before `until`', async () => {
    const now = site.clock.read();
    const since = new Date(now - 150_000);
    const until = new Date(now - MINUTE_MS);
    const counts = await site.lockout.attemptCounts({ since, until });

    expect(counts.map(({ at }) => at.getTime() - now)).to.deep.equal([-3 * MINUTE_MS, -2 * MINUTE_MS]);
    expect(await site.lockout.attemptCounts({ since: until, until: since })).to.deep.equal([]);
  });

  it('returns at most 8 days, and nothing of the future', async () => {
    const now = site.clock.read();
    const counts = await site.lockout.attemptCounts({
      since: new Date(0),
      until: new Date(now + 30 * DAY_MS),
      per: 'hour',
    });

    expect(counts[0]?.at.getTime()).to.equal(now - 8 * DAY_MS);
    expect(counts.at(-1)?.at.getTime()).to.equal(now);
  });

  it('keeps the counts of entries that were removed or that the log had no room for', async () => {
    const lockout = new Lockout({ store: new MemoryStore({ maxAttempts: 2 }) });
    for (let guesses = 0; guesses < 5; guesses += 1) await lockout.protect({ username: `user ${guesses}` }, wrong);
    await lockout.removeAttempts({ all: true });

    const [hour] = await lockout.attemptCounts({ per: 'hour', since: new Date() });
    expect(hour?.failed).to.equal(5);
  });

  for (const query of [{ since: 'yesterday' }, { until: 5 }, { per: 'day' }, { username: 'alice' }]) {
    it(`refuses ${JSON.stringify(query)}`, async () => {
      const error = await site.lockout.attemptCounts(query as object).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(LockoutConfigError);
    });
  }

  it('refuses a store whose log does not count', async () => {
    const store = new MemoryStore();
    const { append, query, remove } = store.attemptLog as AttemptLog;
    const lockout = new Lockout({ store: Object.assign(store, { attemptLog: { append, query, remove } }) });
    const error = await lockout.attemptCounts().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(LockoutConfigError);
    expect((error as Error).message).to.include('a store that counts attempts per minute');
  });
});
