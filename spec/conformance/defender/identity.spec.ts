/** Which username and which address an attempt has. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutRequest } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: { hours: 1 } }]) };
const BY_USER: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };
const BY_IP: LockoutOptions = { ...LIMIT_3, dimensions: ['ip'] };
const agentOf = (req: LockoutRequest) => req.headers?.['user-agent'] as string | undefined;

describe('The subject counted as in defender', () => {
  const open = loginSites(onMemoryStore());

  it('D11 is kept in lower case', async () => {
    const site = await open(BY_USER);
    for (const user of ['Alice', 'ALICE', 'alice']) await site.guess({ user });

    expect((await site.lockout.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: 'alice' }]);
  });

  for (const [what, user] of [
    ['an empty one', ''],
    ['null', null],
    ['none at all', undefined],
  ] as const) {
    it(`D12 is never an empty username: ${what}`, async () => {
      const site = await open(BY_USER);
      for (let guess = 0; guess < 5; guess += 1) {
        const body = JSON.stringify({ username: user, password: 'wrong' });
        const { status } = await site.app.request('/login', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        });
        expect(status).to.be.oneOf([400, 401]);
      }

      expect((await site.lockout.list({ locked: false })).items).to.deep.equal([]);
    });
  }

  const ADDRESSES: readonly [input: unknown, ip: string | undefined][] = [
    ['203.0.113.9', '203.0.113.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['256.0.0.1', undefined],
    ['1.2.3', undefined],
    ['1.2.3.4.5', undefined],
    ['0x7f.0.0.1', undefined],
    ['0x7f000001', undefined],
    ['2130706433', undefined],
    ['::1', '::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::/64'],
    ['2001:db8::1::2', undefined],
    ['2001:db8::g', undefined],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['localhost', undefined],
    ['unknown', undefined],
    ['', undefined],
    [undefined, undefined],
    [null, undefined],
  ];
  for (const [input, ip] of ADDRESSES) {
    it(`D22 is an address only if that is valid: ${JSON.stringify(input)}`, async () => {
      const lockout = new Lockout({ ...BY_IP, clientIp: () => input as string | undefined });
      lockout.on('warning', () => undefined);
      await lockout.protect({ req: {} }, () => false);

      const subjects = (await lockout.list({ locked: false })).items.map(({ parts }) => parts);
      expect(subjects).to.deep.equal(ip === undefined ? [] : [{ ip }]);
    });
  }

  it('D23 differs: is no shared loopback address for a bad address; blanks around an address do not matter', async () => {
    const site = await open({ ...BY_IP, clientIp: agentOf });
    for (const agent of ['not an address', '1.2.3', 'unknown']) await site.guess({ agent });
    expect(await site.failures()).to.deep.equal({});

    await site.guess({ agent: ' 203.0.113.9 ' });
    expect(await site.failures()).to.deep.equal({ 'ip=203.0.113.9': 1 });
  });

  it('D24 is the address behind a trusted proxy, or else that of the connection', async () => {
    for (const [trustProxy, key] of [
      [true, 'ip=198.51.100.7'],
      [false, 'ip=127.0.0.1'],
    ] as const) {
      const site = await open(BY_IP, { trustProxy });
      await site.guess({ ip: '198.51.100.7' });
      expect(Object.keys(await site.failures())).to.deep.equal([key]);
    }
  });

  it('D38 is the name that an extractor of the application returns; without a name nothing fails, locked or not', async () => {
    const site = await open({ ...LIMIT_3, username: ({ req }) => agentOf(req)?.split('user:')[1] });
    expect(await site.statuses(3, { agent: 'user:alice' })).to.deep.equal([401, 401, 429]);
    expect((await site.logIn({ agent: 'user:alice', ip: '198.51.100.7' })).status).to.equal(429);

    expect((await site.logIn({ agent: 'nobody', ip: '198.51.100.7' })).status).to.equal(200);
    expect((await site.logIn({ agent: 'nobody' })).status).to.equal(429);
  });

  it('D48 is the name given by the strategy itself rather than by the extractor for all strategies', async () => {
    const site = await open(
      { ...BY_USER, username: () => 'of all' },
      { strategyOptions: { username: ({ args: [name] }) => name } },
    );
    await site.guess();

    expect(await site.failures()).to.deep.equal({ 'username=alice': 1 });
  });

  for (const username of ['username=bob', 'ip=203.0.113.1', 'defender:failed:username:bob', 'username=username=x']) {
    it(`D49 is shown with the whole name, even if that begins like a key: ${username}`, async () => {
      const site = await open(BY_USER);
      await site.guess({ user: username }, 3);

      const [shown] = (await site.lockout.list()).items;
      expect(shown?.parts).to.deep.equal({ username });
      expect(await site.lockout.unblock({ username })).to.equal(true);
    });
  }

  it('D50 is not hidden by blanks after a name', async () => {
    const site = await open(BY_USER);
    await site.guess(ALICE, 3);

    for (const user of ['alice ', ' alice', 'alice\t', 'alice\u00a0', 'alice\u200b']) {
      expect((await site.logIn({ user })).status, JSON.stringify(user)).to.equal(429);
    }
  });
});

describeOnEachStore('The count as in defender', (stores) => {
  const open = loginSites(stores);

  it('D26 leaves as many attempts as the subject with the most failures', async () => {
    const site = await open({ ...LIMIT_3, attemptsLeft: true });
    const told: unknown[] = [];
    for (const user of ['bob', 'alice']) {
      await site.guess({ user });
      const { attemptsLeft: ofAddress } = await site.lockout.status({ ip: ALICE.ip });
      const { attemptsLeft: ofUser } = await site.lockout.status({ username: user });
      told.push([ofAddress, ofUser]);
    }

    expect(told).to.deep.equal([
      [2, 2],
      [1, 2],
    ]);
    expect((await site.guess()).status, 'the third of the address').to.equal(429);
  });
});
