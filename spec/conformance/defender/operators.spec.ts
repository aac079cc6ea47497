/** What operators do by hand, and the signals of it. */
import { expect } from 'chai';
import { LockoutConfigError, type LockoutOptions } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { ALICE, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const HOUR = { hours: 1 };
const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: HOUR }]) };
const SUBJECTS = [
  ['an address', { ip: '203.0.113.1' }, 'ip_blocked'],
  ['a username', { username: 'alice' }, 'username_blocked'],
] as const;

describeOnEachStore('Operators as in defender', (stores) => {
  const open = loginSites(stores);

  it('D13 differs: get an error for blocking nobody, and nobody is blocked', async () => {
    const site = await open(LIMIT_3);
    for (const nobody of [{ ip: null }, { username: null }, { ip: '' }, { username: '' }, {}, null]) {
      const error = await site.lockout.block(nobody as never, { for: HOUR }).catch((reason: unknown) => reason);
      expect(error, JSON.stringify(nobody)).to.be.instanceOf(LockoutConfigError);
    }

    expect((await site.lockout.list({ locked: false })).items).to.deep.equal([]);
    expect(site.events.count('blocked')).to.equal(0);
  });

  it('D14 see in the list what they blocked, by dimension', async () => {
    const site = await open(LIMIT_3);
    for (const ip of ['203.0.113.1', '203.0.113.2', '2001:db8:1:2::3']) await site.lockout.block({ ip }, { for: HOUR });
    for (const username of ['alice', 'bob']) await site.lockout.block({ username }, { for: 'forever' });

    const subjects = async (dimension: string) =>
      (await site.lockout.list({ dimension })).items.map(({ parts }) => parts);
    expect(await subjects('ip')).to.have.deep.members([
      { ip: '203.0.113.1' },
      { ip: '203.0.113.2' },
      { ip: '2001:db8:1:2::/64' },
    ]);
    expect(await subjects('username')).to.have.deep.members([{ username: 'alice' }, { username: 'bob' }]);
  });

  for (const username of ['alice+spam@example.com', 'alice!', 'a/b?c=d&e#f%20', 'алиса', '"<x>"']) {
    it(`D28 can free a username with any characters: ${username}`, async () => {
      const site = await open(LIMIT_3);
      await site.guess({ user: username }, 3);
      const [shown] = (await site.lockout.list({ dimension: 'username' })).items;
      expect(shown?.parts).to.deep.equal({ username });

      expect(await site.lockout.unblock(shown?.parts ?? {})).to.equal(true);

      expect(await site.lockedKeys()).to.deep.equal(['ip=203.0.113.1']);
    });
  }

  for (const [what, subject, event] of SUBJECTS) {
    it(`D44 receive an event of a lock: ${what}`, async () => {
      const site = await open({ ...LIMIT_3, dimensions: [event === 'ip_blocked' ? 'ip' : 'username'] });
      await site.guess(ALICE, 3);

      expect(site.events.of(event).map((told) => told.parts)).to.deep.equal([subject]);
    });

    it(`D45 receive no second event if there is a lock already: ${what}`, async () => {
      const site = await open(LIMIT_3);
      await site.lockout.block(subject, { for: HOUR, by: 'carol' });
      await site.lockout.block(subject, { for: { hours: 2 }, by: 'dave' });
      await site.guess(ALICE, 5);

      expect(site.events.of(event).map(({ by }) => by)).to.deep.equal(['carol']);
    });

    it(`D46 receive an event of what they free, once and only if it was locked: ${what}`, async () => {
      const site = await open(LIMIT_3);
      await site.guess();
      expect(await site.lockout.unblock(subject)).to.equal(false);
      await site.lockout.block(subject, { for: HOUR });
      await site.lockout.unblock(subject, { by: 'carol' });
      await site.lockout.unblock(subject, { by: 'dave' });

      expect(site.events.of('unblocked').map((told) => [told.parts, told.by])).to.deep.equal([[subject, 'carol']]);
    });

    it(`D47 can block and free: ${what}`, async () => {
      const site = await open(LIMIT_3);
      await site.lockout.block(subject, { for: HOUR });
      expect((await site.lockout.status(subject)).locked).to.equal(true);
      expect((await site.logIn()).status).to.equal(429);

      expect(await site.lockout.unblock(subject)).to.equal(true);

      expect((await site.lockout.status(subject)).locked).to.equal(false);
      expect((await site.logIn()).status).to.equal(200);
    });
  }
});
