/** The hard stop as an application sees it: events, answers, status. The rules themselves are in the store contract. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../lib/index.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const wrong = () => false;
const right = () => true;

describeOnEachStore('The hard stop', ({ fresh }) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions): Promise<void> {
    clock = new ManualClock();
    lockout = new Lockout({
      ...PATIENT,
      store: await fresh(clock.read),
      attemptsLeft: true,
      attemptLog: 'off',
      ...options,
    });
    events = new EventLog(lockout);
  }

  /** One failure, and the time after which it is forgotten. */
  async function failSlowly(times: number): Promise<void> {
    for (let failure = 0; failure < times; failure += 1) {
      await lockout.protect(ALICE, wrong);
      clock.advance({ days: 2 });
    }
  }

  it('locks an account until reset, however slowly the failures come', async () => {
    await start({ hardStop: { failures: 5 }, forgetAfter: { hours: 24 } });
    await failSlowly(4);
    expect(events.of('blocked')).to.deep.equal([]);

    const fifth = await lockout.protect(ALICE, wrong);

    expect(fifth).to.deep.include({ outcome: 'failed' });
    expect(events.of('username_blocked')).to.have.length(1);
    expect(events.of('username_blocked')[0]).to.deep.include({
      cause: 'hardStop',
      tier: null,
      failures: 1,
      consecutiveFailures: 5,
      reason: null,
      lockedUntil: null,
      remaining: null,
    });
    clock.advance({ days: 3_650 });
    const later = await lockout.protect(ALICE, right);
    expect(later).to.deep.include({ outcome: 'refused' });
    expect((later as { locked: object }).locked).to.include({ dimension: 'username', retryAfter: null });
  });

  it('is lifted only by an operator, and then starts again', async () => {
    await start({ hardStop: { failures: 2 } });
    await failSlowly(2);
    expect(await lockout.status({ username: 'alice' })).to.include({
      locked: true,
      consecutiveFailures: 2,
      attemptsLeft: 0,
      reason: null,
    });

    expect(await lockout.unblock({ username: 'alice' })).to.equal(true);

    expect(await lockout.status({ username: 'alice' })).to.include({ consecutiveFailures: 0, attemptsLeft: 2 });
    expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('is lifted by an unlock link, too', async () => {
    await start({ hardStop: { failures: 2 }, secret: 'signs links, and is 32 characters long' });
    await failSlowly(2);
    const token = await lockout.createUnlockToken({ username: 'alice' });
    expect(await lockout.redeemUnlockToken(token)).to.include({ outcome: 'unlocked' });
    expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('starts again after a right login, even if a success forgives no other failures', async () => {
    await start({ hardStop: { failures: 3 }, resetOnSuccess: false, forgetAfter: { hours: 1 } });
    await failSlowly(2);
    await lockout.protect(ALICE, right);
    await failSlowly(2);
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: false, consecutiveFailures: 2 });
  });

  it('does not apply to an address, which many people share', async () => {
    await start({ hardStop: { failures: 2 }, dimensions: ['ip'] });
    await failSlowly(5);
    expect(await lockout.status({ ip: ALICE.ip })).to.include({ locked: false, consecutiveFailures: 0 });
  });

  it('lets no more guesses be verified than are left, however parallel', async () => {
    await start({
      hardStop: { failures: 4 },
      tiers: [{ failures: 50, cooloff: { minutes: 1 } }],
      dimensions: ['username'],
    });
    let verified = 0;
    const guess = () =>
      lockout.protect(ALICE, async () => {
        verified += 1;
        return false;
      });
    await Promise.all(Array.from({ length: 60 }, guess));
    expect(verified).to.equal(4);
    expect(events.of('username_blocked')).to.have.length(1);
  });
});
