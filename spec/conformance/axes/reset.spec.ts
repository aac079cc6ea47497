/** What operators and unlock pages set free, and what they leave alone. */
import { expect } from 'chai';
import { LockoutConfigError, type LockoutOptions, type ResetQuery } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { ALICE, type LoginSite, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: { hours: 1 } }]) };
const LIMIT_100: LockoutOptions = { tiers: [{ failures: 100, cooloff: { hours: 1 } }] };
const FIRST = '203.0.113.1';
const SECOND = '203.0.113.2';
const ALL = ['username', 'ip', ['username', 'ip']] as const;

/** One failure of each of two users from each of two addresses. */
async function failEverywhere(site: LoginSite): Promise<void> {
  for (const user of ['alice', 'bob']) for (const ip of [FIRST, SECOND]) await site.guess({ user, ip });
}

const keys = async (site: LoginSite) => Object.keys(await site.failures()).sort();

describeOnEachStore('A reset', (stores) => {
  const open = loginSites(stores);

  it('A64 by username: frees the user everywhere', async () => {
    const site = await open({ ...LIMIT_100, dimensions: [['username', 'ip']] });
    await failEverywhere(site);

    expect(await site.lockout.reset({ username: ' Alice ' })).to.deep.equal({ reset: 2, unblocked: 0 });

    expect(await keys(site)).to.deep.equal([`ip=${FIRST}&username=bob`, `ip=${SECOND}&username=bob`]);
  });

  it('A65 by address: frees every user there', async () => {
    const site = await open({ ...LIMIT_100, dimensions: [['username', 'ip']] });
    await failEverywhere(site);

    expect(await site.lockout.reset({ ip: `::ffff:${FIRST}` })).to.deep.equal({ reset: 2, unblocked: 0 });

    expect(await keys(site)).to.deep.equal([`ip=${SECOND}&username=alice`, `ip=${SECOND}&username=bob`]);
  });

  it('A66 by address AND username: frees only that pair', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ALL });
    await failEverywhere(site);

    expect(await site.lockout.reset({ ip: FIRST, username: 'alice' })).to.deep.equal({ reset: 1, unblocked: 0 });

    expect(await keys(site)).to.deep.equal([
      `ip=${FIRST}`,
      `ip=${FIRST}&username=bob`,
      `ip=${SECOND}`,
      `ip=${SECOND}&username=alice`,
      `ip=${SECOND}&username=bob`,
      'username=alice',
      'username=bob',
    ]);
  });

  it('A67 by address OR username: frees everything of both', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ALL });
    await failEverywhere(site);

    const result = await site.lockout.reset({ ip: FIRST, username: 'alice', match: 'any' });

    expect(result).to.deep.equal({ reset: 5, unblocked: 0 });
    expect(await keys(site)).to.deep.equal([`ip=${SECOND}`, `ip=${SECOND}&username=bob`, 'username=bob']);
  });

  it('A84 without address and username: clears nothing', async () => {
    const site = await open(LIMIT_3);
    await site.guess(ALICE, 3);
    const before = await site.failures();

    for (const query of [
      {},
      { by: 'carol' },
      { ip: undefined, username: undefined },
      { username: '' },
    ] as ResetQuery[]) {
      const error = await site.lockout.reset(query).catch((reason: unknown) => reason);
      expect(error, JSON.stringify(query)).to.be.instanceOf(LockoutConfigError);
    }

    expect(await site.failures()).to.deep.equal(before);
  });

  it('A85 differs: from an unlock page, by address: frees the address; a username is an error as it is not counted', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['ip'] });
    await failEverywhere(site);
    const mistaken = await site.lockout.reset({ ip: FIRST, username: 'bob' }).catch((error: Error) => error);
    expect(mistaken)
      .to.be.instanceOf(LockoutConfigError)
      .and.have.property('message')
      .that.matches(/one of ip/);
    expect(await keys(site)).to.deep.equal([`ip=${FIRST}`, `ip=${SECOND}`]);

    await site.lockout.reset({ ip: FIRST });

    expect(await keys(site)).to.deep.equal([`ip=${SECOND}`]);
  });

  it('A86 differs: from an unlock page, by username: frees the username; an address is an error as it is not counted', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['username'] });
    await failEverywhere(site);
    const mistaken = await site.lockout.reset({ ip: FIRST, username: 'alice' }).catch((error: Error) => error);
    expect(mistaken)
      .to.be.instanceOf(LockoutConfigError)
      .and.have.property('message')
      .that.matches(/one of username/);
    expect(await keys(site)).to.deep.equal(['username=alice', 'username=bob']);

    await site.lockout.reset({ username: 'alice' });

    expect(await keys(site)).to.deep.equal(['username=bob']);
  });

  it('A87 from an unlock page, by username or address: frees by either term alone, or by both together', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['username', 'ip'] });
    await failEverywhere(site);
    await site.lockout.reset({ username: 'alice' });
    expect(await keys(site)).to.deep.equal([`ip=${FIRST}`, `ip=${SECOND}`, 'username=bob']);
    await site.lockout.reset({ ip: SECOND });
    expect(await keys(site)).to.deep.equal([`ip=${FIRST}`, 'username=bob']);

    await site.lockout.reset({ username: 'bob', ip: FIRST, match: 'any' });

    expect(await keys(site)).to.deep.equal([]);
  });

  it('A88 from an unlock page, by pair: frees everything of one term, or exactly that pair by both', async () => {
    const site = await open({ ...LIMIT_100, dimensions: [['username', 'ip']] });
    await failEverywhere(site);
    await site.lockout.reset({ username: 'bob', ip: SECOND });
    expect(await keys(site)).to.deep.equal([
      `ip=${FIRST}&username=alice`,
      `ip=${FIRST}&username=bob`,
      `ip=${SECOND}&username=alice`,
    ]);

    await site.lockout.reset({ username: 'alice' });

    expect(await keys(site)).to.deep.equal([`ip=${FIRST}&username=bob`]);
  });
});

describe('A reset of the memory store', () => {
  const open = loginSites(onMemoryStore());

  it('A73 by user keeps the others', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['username'] });
    for (const user of ['alice', 'bob']) await site.guess({ user });

    await site.lockout.reset({ username: 'alice' });

    expect(await site.failures()).to.deep.equal({ 'username=bob': 1 });
  });

  it('A74 by address keeps the others', async () => {
    const site = await open({ ...LIMIT_100, dimensions: ['ip'] });
    for (const ip of [FIRST, SECOND]) await site.guess({ ip });

    await site.lockout.reset({ ip: FIRST });

    expect(await site.failures()).to.deep.equal({ [`ip=${SECOND}`]: 1 });
  });

  it('A75 by pair keeps the other pairs', async () => {
    const site = await open({ ...LIMIT_100, dimensions: [['username', 'ip']] });
    await failEverywhere(site);

    await site.lockout.reset({ username: 'alice', ip: FIRST });

    expect(await keys(site)).to.deep.equal([
      `ip=${FIRST}&username=bob`,
      `ip=${SECOND}&username=alice`,
      `ip=${SECOND}&username=bob`,
    ]);
  });

  it('A76 works in a store that does all the others do: the cycle, the lists, attempts without a username', async () => {
    const site = await open({ ...LIMIT_3, allow: { ips: [SECOND] } });
    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
    expect(await site.lockout.reset({ username: 'alice' })).to.deep.equal({ reset: 1, unblocked: 1 });
    expect(await site.lockout.reset({ ip: FIRST })).to.deep.equal({ reset: 1, unblocked: 1 });
    expect((await site.logIn()).status).to.equal(200);

    expect(await site.statuses(4, { ip: SECOND })).to.deep.equal([401, 401, 401, 401]);
    await site.lockout.protect({ ip: FIRST }, () => false);
    expect(await site.failures()).to.deep.equal({ [`ip=${FIRST}`]: 1 });
  });
});
