/** Which subject is locked at what count, and what frees it again. */
import { expect } from 'chai';
import { LockoutConfigError, type LockoutOptions, withLockout } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { drive } from '../../support/sites/drive.js';
import { ALICE, type LoginSiteOptions, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { until } from '../../support/tools/until.js';

const HOUR = { hours: 1 };
const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: HOUR }]) };
const BY_IP: LockoutOptions = { ...LIMIT_3, dimensions: ['ip'] };
const BY_USER: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };
const BOB = { user: 'bob' };
const ELSEWHERE = { ip: '198.51.100.7' };
const GET = { method: 'GET' } as const;

/** A login form behind the middleware: a GET shows it. */
const FORM: LoginSiteOptions = {
  before: (lockout) => [lockout.middleware(), (req, res, next) => (req.method === 'GET' ? res.send('form') : next())],
};

describeOnEachStore('A login as in defender', (stores) => {
  const open = loginSites(stores);

  it('D1 is not counted by showing its form', async () => {
    const site = await open(BY_IP, FORM);
    for (let view = 0; view < 10; view += 1) {
      expect(await site.logIn(GET)).to.include({ status: 200, body: 'form' });
    }

    expect(await site.failures()).to.deep.equal({});
    expect((await site.logIn()).status).to.equal(200);
  });

  it('D2 differs: is locked by the Nth failure itself; N failures first and the lock at the next are N+1', async () => {
    const site = await open({ dimensions: ['ip'], tiers: [{ failures: 3 + 1, cooloff: HOUR }] });

    expect(await site.statuses(4)).to.deep.equal([401, 401, 401, 429]);
  });

  it('D3 stays locked for many attempts, and so does its form', async () => {
    const site = await open(BY_IP, FORM);
    await site.guess(ALICE, 3);

    expect(await site.statuses(20)).to.deep.equal(Array(20).fill(429));
    expect((await site.logIn(GET)).status).to.equal(429);
  });

  it('D4 is locked by its username over different addresses', async () => {
    const site = await open(BY_USER);
    const statuses: number[] = [];
    for (let host = 1; host <= 4; host += 1) statuses.push((await site.guess({ ip: `198.51.100.${host}` })).status);

    expect(statuses).to.deep.equal([401, 401, 429, 429]);
  });

  it('D5 has a limit of its own for usernames, and its form is shown to clients that have given none', async () => {
    const site = await open(
      { tiers: { username: [{ failures: 2, cooloff: HOUR }], ip: [{ failures: 9, cooloff: HOUR }] } },
      FORM,
    );

    expect(await site.statuses(3)).to.deep.equal([401, 429, 429]);
    expect((await site.logIn(GET)).status).to.equal(200);
    expect((await site.logIn(BOB)).status).to.equal(200);
  });

  it('D6 has a limit of its own for addresses, and its form is not shown to a locked one', async () => {
    const site = await open(
      { tiers: { username: [{ failures: 9, cooloff: HOUR }], ip: [{ failures: 2, cooloff: HOUR }] } },
      FORM,
    );

    expect(await site.statuses(3)).to.deep.equal([401, 429, 429]);
    expect((await site.logIn(GET)).status).to.equal(429);
    expect((await site.logIn(BOB)).status).to.equal(429);
    expect((await site.logIn(ELSEWHERE)).status).to.equal(200);
  });

  it('D7 passes with the right password', async () => {
    const site = await open(LIMIT_3);

    expect((await site.logIn()).status).to.equal(200);
    expect(site.events.count('attempt_succeeded')).to.equal(1);
  });

  it('D8 resets the count of its user when it is right', async () => {
    const site = await open(BY_USER);
    await site.guess(ALICE, 2);
    await site.logIn();

    expect(await site.failures()).to.deep.equal({});
    expect(await site.statuses(2)).to.deep.equal([401, 401]);
  });

  it('D9 is refused from a locked address with other usernames, too', async () => {
    const site = await open(BY_IP);
    await site.guess(ALICE, 3);

    for (const user of ['bob', 'carol', 'dave']) expect((await site.logIn({ user })).status).to.equal(429);
  });

  it('D10 is refused for a locked username from other addresses, too', async () => {
    const site = await open(BY_USER);
    await site.guess(ALICE, 3);

    for (let host = 1; host <= 3; host += 1) {
      expect((await site.logIn({ ip: `198.51.100.${host}` })).status).to.equal(429);
    }
  });

  it('D15 works again when the cool-off is over', async () => {
    const site = await open({ dimensions: ['username', 'ip'], tiers: [{ failures: 3, cooloff: { seconds: 300 } }] });
    await site.guess(ALICE, 3);
    site.clock.advance({ seconds: 300, ms: -1 });
    expect((await site.logIn()).status).to.equal(429);
    site.clock.advance({ ms: 1 });

    expect((await site.logIn()).status).to.equal(200);
  });

  it('D16 is counted and let in with a very long user agent', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username', 'userAgent'] });
    const agent = 'x'.repeat(8_000);

    expect((await site.logIn({ agent })).status).to.equal(200);
    expect(await site.statuses(3, { agent })).to.deep.equal([401, 401, 429]);
    for (const { key } of (await site.lockout.list()).items) expect(key.length).to.be.below(300);
  });

  it('D17 works again when its address is reset', async () => {
    const site = await open(BY_IP);
    await site.guess(ALICE, 3);

    await site.lockout.reset({ ip: ALICE.ip });

    expect((await site.logIn()).status).to.equal(200);
    expect(await site.failures()).to.deep.equal({});
  });

  it('D29 is counted once although wrapped twice', async () => {
    const site = await open(LIMIT_3);
    const twice = withLockout(withLockout(site.check.strategy(), site.lockout), site.lockout);
    const { actions } = drive(twice, { ip: ALICE.ip, body: { username: 'alice', password: 'wrong' } });
    await until(() => actions.length > 0);

    expect(site.check.verified).to.deep.equal(['alice']);
    expect(await site.failures()).to.deep.equal({ 'ip=203.0.113.1': 1, 'username=alice': 1 });
  });

  it('D31 by pair: is locked for the pair; other users, other addresses and the form are not', async () => {
    const site = await open(
      { tiers: { 'ip+username': [{ failures: 3, cooloff: HOUR }] }, dimensions: [['ip', 'username'], 'ip'] },
      FORM,
    );
    await site.guess(ALICE, 3);

    expect((await site.logIn()).status).to.equal(429);
    expect((await site.logIn(BOB)).status).to.equal(200);
    expect((await site.logIn(ELSEWHERE)).status).to.equal(200);
    expect((await site.logIn(GET)).status).to.equal(200);
  });

  it('D32 by pair: of another user does not clear the count of the address', async () => {
    const site = await open({ ...LIMIT_3, dimensions: [['ip', 'username'], 'ip'] });
    await site.guess(ALICE, 2);
    expect((await site.logIn(BOB)).status).to.equal(200);

    expect((await site.lockout.status({ ip: ALICE.ip })).failures).to.equal(2);
    expect((await site.guess({ user: 'carol' })).status).to.equal(429);
    expect((await site.logIn(BOB)).status).to.equal(429);
    expect(await site.lockedKeys()).to.deep.equal(['ip=203.0.113.1']);
  });

  const DISABLED = [
    [
      'D33 with addresses not counted: only usernames lock, and no address can be locked or listed',
      BY_USER,
      { ip: ALICE.ip },
    ],
    [
      'D34 with usernames not counted: only addresses lock, and no username can be locked or listed',
      BY_IP,
      { username: 'alice' },
    ],
  ] as const;
  for (const [title, options, uncounted] of DISABLED) {
    it(title, async () => {
      const site = await open(options);
      const error = await site.lockout.block(uncounted, { for: HOUR }).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(LockoutConfigError).and.have.property('code', 'ERR_LOCKOUT_SUBJECT_INVALID');
      await site.guess(ALICE, 3);

      const { items } = await site.lockout.list({ locked: false });
      expect(items.map(({ dimension }) => dimension)).to.deep.equal(options.dimensions);
      const [other, same] = options === BY_USER ? [BOB, ELSEWHERE] : [ELSEWHERE, BOB];
      expect([(await site.logIn(other)).status, (await site.logIn(same)).status]).to.deep.equal([200, 429]);
    });
  }
});
