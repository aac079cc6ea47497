/** A login from its first failure to the end of a lock. */
import { expect } from 'chai';
import type { LockoutOptions } from '../../../lib/index.js';
import { ALICE, type LoginSite, type LoginSiteOptions, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };
const BY_USER: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };

const LOGOUT: LoginSiteOptions = {
  before: (lockout) => [
    (req, res, next) => {
      if (req.path !== '/logout') return next();
      lockout.recordLogout(req, { username: req.body.username }).then(() => res.sendStatus(204), next);
    },
  ],
};

const outcomes = async (site: LoginSite) =>
  (await site.lockout.attempts()).items.map(({ outcome }) => outcome).reverse();

describeOnEachStore('A login', (stores) => {
  const open = loginSites(stores);

  it('A1 passes with the right password and leaves no failures', async () => {
    const site = await open(LIMIT_3);

    expect(await site.logIn()).to.include({ status: 200, body: '{"user":{"username":"alice"}}' });
    expect(await site.failures()).to.deep.equal({});
  });

  it('A2 gets the lockout response at the Nth failure, and not before', async () => {
    const site = await open(LIMIT_3);

    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
    expect(site.check.verified).to.have.length(3);
  });

  it('A3 stays refused for N more attempts, right or wrong', async () => {
    const site = await open(LIMIT_3);
    await site.guess(ALICE, 3);

    expect(await site.statuses(3)).to.deep.equal([429, 429, 429]);
    expect((await site.logIn()).status).to.equal(429);
    expect(site.check.verified).to.have.length(3);
  });

  it('A4 without resetOnSuccess is locked by N-1 wrong ones, a right one and a wrong one', async () => {
    const site = await open({ ...BY_USER, resetOnSuccess: false });

    expect(await site.statuses(2)).to.deep.equal([401, 401]);
    expect((await site.logIn()).status).to.equal(200);
    expect(await site.statuses(1)).to.deep.equal([429]);
  });

  it('A5 with resetOnSuccess forgives, so that N wrong ones are needed again', async () => {
    const site = await open(BY_USER);
    await site.guess(ALICE, 2);

    expect((await site.logIn()).status).to.equal(200);

    expect(await site.failures()).to.deep.equal({});
    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
  });

  it('A38 does not prolong a lock that holds', async () => {
    const site = await open(LIMIT_3);
    await site.guess(ALICE, 3);
    site.clock.advance({ minutes: 40 });
    expect(await site.guess()).to.include({ status: 429, retryAfter: '1200' });

    site.clock.advance({ minutes: 20 });

    expect((await site.logIn()).status).to.equal(200);
  });

  it('A39 differs: neither counts nor prolongs while locked, right or wrong, and no option changes that', async () => {
    const site = await open();
    await site.guess(ALICE, 3);
    const before = await site.lockout.status({ username: 'alice' });
    for (let minute = 0; minute < 14; minute += 1) {
      site.clock.advance({ minutes: 1 });
      expect([(await site.guess()).status, (await site.logIn()).status]).to.deep.equal([429, 429]);
    }

    const after = await site.lockout.status({ username: 'alice' });
    expect([after.lockedUntil, after.failures]).to.deep.equal([before.lockedUntil, 3]);
    site.clock.advance({ minutes: 1 });
    expect((await site.logIn()).status).to.equal(200);
  });

  for (const [title, resetOnSuccess, left] of [
    ['A42 goes from lock over waiting and login to logout, with resetOnSuccess', true, {}],
    ['A43 goes from lock over waiting and login to logout, without resetOnSuccess', false, { 'username=alice': 3 }],
  ] as const) {
    it(title, async () => {
      const site = await open({ ...BY_USER, resetOnSuccess }, LOGOUT);

      expect(await site.statuses(4)).to.deep.equal([401, 401, 429, 429]);
      site.clock.advance({ hours: 1 });
      expect((await site.logIn()).status).to.equal(200);
      expect((await site.logIn({ path: '/logout' })).status).to.equal(204);

      expect(await site.failures()).to.deep.equal(left);
      expect((await outcomes(site)).sort()).to.deep.equal(
        ['failed', 'failed', 'failed', 'refused', 'succeeded', 'logout'].sort(),
      );
    });
  }
});
