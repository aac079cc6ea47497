/** Setting everybody free at once. */
import { expect } from 'chai';
import type { LockoutOptions } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { ALICE, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: { hours: 1 } }]) };

describeOnEachStore('The reset of everything', (stores) => {
  const open = loginSites(stores);

  it('A63 returns how many records there were', async () => {
    const site = await open(LIMIT_3);
    await site.guess({ user: 'bob', ip: '203.0.113.2' });
    await site.guess(ALICE, 3);

    expect(await site.lockout.reset({ all: true })).to.deep.equal({ reset: 4, unblocked: 2 });

    expect(await site.failures()).to.deep.equal({});
    expect((await site.logIn()).status).to.equal(200);
    expect(await site.lockout.reset({ all: true })).to.include({ unblocked: 0 });
  });

  it('A72 differs: works on every store, with or without terms', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username', 'ip', ['username', 'ip']] });
    await site.guess(ALICE, 2);

    expect(await site.lockout.reset({ username: 'alice', ip: ALICE.ip })).to.include({ reset: 1 });
    expect(await site.lockout.reset({ all: true })).to.include({ reset: 2 });
    expect(await site.failures()).to.deep.equal({});
  });
});
