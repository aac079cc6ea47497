/** Removing from the attempt log, by hand and by itself. */
import { expect } from 'chai';
import type { AttemptOutcome, LockoutOptions } from '../../../lib/index.js';
import { ALICE, type LoginSite, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { until } from '../../support/tools/until.js';

const LIMIT_100: LockoutOptions = {
  tiers: [{ failures: 100, cooloff: { hours: 1 } }],
  attemptLogRetention: { days: 400 },
};

/** A success and a failure each day, the last a moment ago. */
async function logDays(site: LoginSite, days: number): Promise<void> {
  for (let day = 1; day <= days; day += 1) {
    site.clock.advance({ days: 1 });
    await site.logIn();
    await site.guess();
  }
  site.clock.advance({ seconds: 1 });
}

const logged = async (site: LoginSite, outcome: AttemptOutcome) =>
  (await site.lockout.attempts({ outcome })).items.length;

describeOnEachStore('The attempt log', (stores) => {
  const open = loginSites(stores);

  it('A68 can be emptied as a whole, which returns how many entries there were', async () => {
    const site = await open(LIMIT_100);
    await logDays(site, 3);

    expect(await site.lockout.removeAttempts({ all: true })).to.equal(6);

    expect((await site.lockout.attempts()).items).to.deep.equal([]);
    expect(await site.lockout.removeAttempts({ all: true })).to.equal(0);
  });

  it('A69 can lose only entries older than a given number of days', async () => {
    const site = await open(LIMIT_100);
    await logDays(site, 5);

    expect(await site.lockout.removeAttempts({ olderThan: { days: 2 } })).to.equal(2 * 3);

    expect([await logged(site, 'succeeded'), await logged(site, 'failed')]).to.deep.equal([2, 2]);
  });

  it('A70 can lose only failures, all of them or by age', async () => {
    const site = await open(LIMIT_100);
    await logDays(site, 5);

    expect(await site.lockout.removeAttempts({ olderThan: { days: 2 }, outcome: 'failed' })).to.equal(3);
    expect([await logged(site, 'succeeded'), await logged(site, 'failed')]).to.deep.equal([5, 2]);

    expect(await site.lockout.removeAttempts({ all: true, outcome: 'failed' })).to.equal(2);
    expect([await logged(site, 'succeeded'), await logged(site, 'failed')]).to.deep.equal([5, 0]);
  });

  const keepsNewest = async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['username'], attemptLogPerUsername: 10 });
    await site.logIn();
    await site.guess({ user: 'bob' }, 3);
    for (let guess = 1; guess <= 25; guess += 1) {
      site.clock.advance({ seconds: 1 });
      await site.guess({ ...ALICE, ip: `203.0.113.${guess}` });
    }

    const ofAlice = async () =>
      (await site.lockout.attempts({ username: 'alice', outcome: 'failed' })).items.map(({ ip }) => ip);
    const newest = Array.from({ length: 10 }, (_, index) => `203.0.113.${25 - index}`);
    expect((await ofAlice()).slice(0, 10)).to.deep.equal(newest);
    await until(async () => (await ofAlice()).length <= 11);
    expect((await site.lockout.attempts({ username: 'bob' })).items).to.have.length(3);
    expect(await logged(site, 'succeeded')).to.equal(1);
  };
  if (!stores.isLogCapped)
    it('A71 differs: keeps the newest failures of each user, and removes the surplus a little later', keepsNewest);
});
