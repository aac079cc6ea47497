/** Verdicts that arrive after the lease of their slot: they are counted, but not disclosed. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore, type ProtectResult, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { type Done, local, USER } from '../support/sites/guarded.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { EventLog } from '../support/tools/events.js';

const LEASE = { seconds: 1 };
const LIMIT_3: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  leaseTimeout: LEASE,
  busyTimeout: { minutes: 1 },
};
const ALICE = { username: 'alice', ip: '203.0.113.9' };

describe('A verdict that arrives after its lease', () => {
  let clock: ManualClock;
  let store: MemoryStore;

  beforeEach(() => {
    clock = new ManualClock();
    store = new MemoryStore({ clock: clock.read });
  });

  /** One attempt whose verify takes exactly as long as its lease. */
  async function tooSlow(lockout: Lockout, isRight: boolean): Promise<ProtectResult<boolean>> {
    return lockout.protect(ALICE, () => {
      clock.advance(LEASE);
      return isRight;
    });
  }

  for (const isRight of [true, false]) {
    it(`X16 is refused as too late if the password is ${isRight ? 'right' : 'wrong'}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, store });

      expect(await tooSlow(lockout, isRight)).to.deep.equal({
        outcome: 'refused',
        locked: {
          code: 'ERR_LOCKOUT_LATE',
          message: 'Logins are not possible at the moment. Please try again later.',
          dimension: undefined,
          retryAfter: 1,
        },
      });
    });
  }

  it('X16 counts if it is wrong, and forgives nothing if it is right', async () => {
    const lockout = new Lockout({ ...LIMIT_3, store });
    await lockout.protect(ALICE, () => false);
    await tooSlow(lockout, false);
    await tooSlow(lockout, true);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
  });

  it('X16 is a failure or a refusal in events and in the attempt log, never a success', async () => {
    const lockout = new Lockout({ ...LIMIT_3, store });
    const events = new EventLog(lockout);
    await tooSlow(lockout, true);
    await tooSlow(lockout, false);

    expect(events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['late']);
    expect(events.count('attempt_failed')).to.equal(1);
    expect(events.count('attempt_succeeded')).to.equal(0);
    const { items } = await lockout.attempts();
    expect(items.map(({ outcome, reason }) => [outcome, reason])).to.deep.equal([
      ['failed', null],
      ['refused', 'late'],
    ]);
  });

  it('X16 locks as the third failure and emits the lock, but is not disclosed to the client', async () => {
    const lockout = new Lockout({ ...LIMIT_3, store });
    const events = new EventLog(lockout);
    const codes = [];
    for (let guess = 0; guess < 3; guess += 1) {
      const result = await tooSlow(lockout, false);
      codes.push(result.outcome === 'refused' ? result.locked.code : result.outcome);
    }

    expect(codes).to.deep.equal(Array(3).fill('ERR_LOCKOUT_LATE'));
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('X16 is passed on in monitor mode', async () => {
    const lockout = new Lockout({ ...LIMIT_3, store, mode: 'monitor' });
    expect((await tooSlow(lockout, true)).outcome).to.equal('succeeded');
    expect((await tooSlow(lockout, false)).outcome).to.equal('failed');
  });

  it('X16 is answered with 503 by a wrapped strategy, and logs nobody in', async () => {
    const answers = [];
    for (const user of [USER, false]) {
      const slow = local((_username: string, _password: string, done: Done) => {
        clock.advance(LEASE);
        done(null, user);
      });
      const strategy = withLockout(slow, { ...LIMIT_3, store, onLocked: 'fail' });
      const { actions } = drive(strategy, { body: { username: 'alice', password: 'x' }, ip: ALICE.ip, headers: {} });
      answers.push(actions.map(([name, info, status]) => [name, (info as { code: string }).code, status]));
    }
    expect(answers).to.deep.equal(Array(2).fill([['fail', 'ERR_LOCKOUT_LATE', 503]]));
  });

  it('X16 counts no failure in an outer lockout if the password is right', async () => {
    const outer = new Lockout({ ...LIMIT_3, leaseTimeout: { hours: 1 } });
    const slow = local((_username: string, _password: string, done: Done) => {
      clock.advance(LEASE);
      done(null, USER);
    });
    const strategy = withLockout(withLockout(slow, { ...LIMIT_3, store, onLocked: 'fail' }), outer);
    const { actions } = drive(strategy, { body: { username: 'alice', password: 'x' }, ip: ALICE.ip, headers: {} });

    expect(actions.map(([name]) => name)).to.deep.equal(['fail']);
    expect(await outer.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('X16 leaves at most 3 of 18 parallel guesses disclosed, one of them right, when verify is slower than its lease', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const lockout = new Lockout({ ...LIMIT_3, store });
      const answers: (() => void)[] = [];
      const results = Array.from({ length: 18 }, (_, guess) =>
        lockout.protect(
          { username: 'alice', ip: `203.0.113.${guess}` },
          () => new Promise<boolean>((resolve) => answers.push(() => resolve(guess === 7))),
        ),
      );
      for (let round = 1; round <= 6; round += 1) {
        await timers.tickAsync(0);
        expect(answers).to.have.length(3 * round);
        if (round === 6) break;
        clock.advance(LEASE);
        await timers.tickAsync(LEASE.seconds * 1_000);
      }
      for (const answer of answers) answer();

      const told = (await Promise.all(results)).filter(
        (result) => result.outcome !== 'refused' || result.locked.code !== 'ERR_LOCKOUT_LATE',
      );
      expect(told).to.have.length.at.most(3);
    } finally {
      timers.restore();
    }
  });
});
