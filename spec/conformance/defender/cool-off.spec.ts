/** Locks that grow, and what they rest on. */
import { expect } from 'chai';
import { LockoutConfigError, type LockoutOptions, type Tier } from '../../../lib/index.js';
import { ALICE, type LoginSite, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

/** Defender's list [1, 2, 3] with limit 3, in minutes. */
const LADDER: readonly Tier[] = [1, 2, 3].map((step) => ({ failures: 3 * step, cooloff: { minutes: step } }));

async function climb(site: LoginSite): Promise<readonly (string | null)[]> {
  const told: (string | null)[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { retryAfter } = await site.guess(ALICE, 3);
    told.push(retryAfter);
    site.clock.advance({ seconds: Number(retryAfter) });
  }
  return told;
}

describeOnEachStore('The cool-off as in defender', (stores) => {
  const open = loginSites(stores);

  for (const [title, dimension] of [
    ['D39 grows for an address, and frees after its last step, too', 'ip'],
    ['D40 grows for a username, and frees after its last step, too', 'username'],
  ] as const) {
    it(title, async () => {
      const site = await open({ dimensions: [dimension], tiers: LADDER });

      expect(await climb(site)).to.deep.equal(['60', '120', '180']);

      expect((await site.logIn()).status).to.equal(200);
    });
  }

  it('D41 differs: needs no attempt log to grow, since the count is kept with the lock', async () => {
    const options: LockoutOptions = { dimensions: ['username'], tiers: LADDER };
    expect((await (await open(options)).lockout.status({ username: 'alice' })).failures).to.equal(0);
    const site = await open({ ...options, attemptLog: 'off' });

    expect(await climb(site)).to.deep.equal(['60', '120', '180']);
    expect((await site.lockout.attempts()).items).to.deep.equal([]);
  });

  it('D42 cannot be read for a dimension that is not counted', async () => {
    const site = await open({ dimensions: ['username'], tiers: LADDER });
    const error = await site.lockout.status({ ip: ALICE.ip }).catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(LockoutConfigError).and.have.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
  });

  it('D43 differs: is not estimated and cached, so that quick steps all count and good logins do not raise it', async () => {
    const site = await open({
      dimensions: ['username'],
      tiers: [1, 2, 3].map((step) => ({ failures: step, cooloff: { seconds: step } })),
    });
    for (let login = 0; login < 12; login += 1) await site.logIn();
    const told: (string | null)[] = [];
    for (let round = 1; round <= 3; round += 1) {
      told.push((await site.guess()).retryAfter);
      site.clock.advance({ seconds: round });
    }

    expect(told).to.deep.equal(['1', '2', '3']);
  });
});
