/** What is stored of attempts, for how long, and under which keys. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import session from 'express-session';
import type { DimensionInput, LockoutOptions } from '../../../lib/index.js';
import { ALICE, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const HOUR = { hours: 1 };
const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: HOUR }] };
/** Nobody is locked within these specs. */
const LIMIT_100: LockoutOptions = { tiers: [{ failures: 100, cooloff: HOUR }] };
const BY_USER: LockoutOptions = { ...LIMIT_100, dimensions: ['username'] };

const TRIPLE = 'ip=203.0.113.1&userAgent=agent A&username=';
const CONFIGURATIONS: readonly [
  name: string,
  dimensions: readonly DimensionInput[],
  keyOf: (user: string) => string,
][] = [
  ['username', ['username'], (user) => `username=${user}`],
  ['username or address', ['username', 'ip'], (user) => `username=${user}`],
  ['username and address', [['username', 'ip']], (user) => `ip=203.0.113.1&username=${user}`],
  ['username and agent', [['username', 'userAgent']], (user) => `userAgent=agent A&username=${user}`],
  ['username, address and agent', [['username', 'ip', 'userAgent']], (user) => `${TRIPLE}${user}`],
];

describeOnEachStore('Records', (stores) => {
  const open = loginSites(stores);

  for (const [name, dimensions, keyOf] of CONFIGURATIONS) {
    it(`A52 of two users are separate, each with one failure: ${name}`, async () => {
      const site = await open({ ...LIMIT_100, dimensions });
      await site.guess({ user: 'alice' });
      await site.guess({ user: 'bob' });

      expect(await site.failures()).to.include({ [keyOf('alice')]: 1, [keyOf('bob')]: 1 });
    });
  }

  for (const [name, dimensions, keyOf] of CONFIGURATIONS.slice(0, 3)) {
    it(`A53 of one user are the same, with two failures: ${name}`, async () => {
      const site = await open({ ...LIMIT_100, dimensions });
      await site.guess(ALICE, 2);

      expect(await site.failures()).to.include({ [keyOf('alice')]: 2 });
      expect((await site.lockout.list({ locked: false })).items).to.have.length(dimensions.length);
    });
  }

  it('A78 are forgotten at the very millisecond of their end, with everything in them', async () => {
    const site = await open({ ...BY_USER, forgetAfter: HOUR });
    await site.guess(ALICE, 2);
    site.clock.advance({ hours: 1, ms: -1 });
    expect(await site.failures()).to.deep.equal({ 'username=alice': 2 });

    site.clock.advance({ ms: 1 });

    expect(await site.failures()).to.deep.equal({});
    const status = await site.lockout.status({ username: 'alice' });
    expect(status).to.include({ failures: 0, attemptsLeft: 100, firstFailureAt: null, lastFailureAt: null });
  });

  it('A79 are forgotten only when their own time is over', async () => {
    const site = await open({ ...BY_USER, forgetAfter: HOUR });
    await site.guess({ user: 'old' });
    site.clock.advance({ minutes: 30 });
    await site.guess({ user: 'new' });
    site.clock.advance({ minutes: 29 });
    expect(Object.keys(await site.failures())).to.have.members(['username=new', 'username=old']);

    site.clock.advance({ minutes: 1 });

    expect(await site.failures()).to.deep.equal({ 'username=new': 1 });
  });

  it("A80 are forgotten from the first failure on with forgetFrom: 'first', whatever came after it", async () => {
    const site = await open({ ...BY_USER, forgetAfter: HOUR, forgetFrom: 'first' });
    await site.guess();
    site.clock.advance({ minutes: 59 });
    await site.guess();
    site.clock.advance({ minutes: 1 });

    expect(await site.failures()).to.deep.equal({});
  });

  it("A81 are never forgotten with forgetAfter: 'forever'", async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username'], forgetAfter: 'forever' });
    await site.guess(ALICE, 2);
    site.clock.advance({ days: 10_000 });

    expect(await site.failures()).to.deep.equal({ 'username=alice': 2 });
    expect((await site.guess()).status).to.equal(429);
  });

  it('A82 are kept for forgetAfter from the time of the last attempt', async () => {
    const site = await open({ ...BY_USER, forgetAfter: HOUR });
    await site.guess();
    site.clock.advance({ minutes: 59 });
    await site.guess();
    site.clock.advance({ minutes: 59 });
    expect(await site.failures()).to.deep.equal({ 'username=alice': 2 });
    site.clock.advance({ minutes: 1 });

    expect(await site.failures()).to.deep.equal({});
  });

  it('A93 in the attempt log are one entry for each failure, with user and address', async () => {
    const site = await open(LIMIT_100);
    await site.guess({ user: 'alice', ip: '203.0.113.1' });
    await site.guess({ user: 'nobody', ip: '203.0.113.2' });

    const { items } = await site.lockout.attempts({ outcome: 'failed' });
    expect(items.map(({ username, ip }) => [username, ip])).to.have.deep.members([
      ['alice', '203.0.113.1'],
      ['nobody', '203.0.113.2'],
    ]);
  });

  it('A94 in the attempt log mark exactly one failure as the one that locked', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username'] });
    for (let guess = 0; guess < 6; guess += 1) {
      await site.guess();
      site.clock.advance({ seconds: 1 });
    }

    const { items } = await site.lockout.attempts({ outcome: 'failed' });
    expect(items.map(({ dimension, tier }) => [dimension, tier])).to.deep.equal([
      ['username', 0],
      [null, null],
      [null, null],
    ]);
  });

  it('A100 stay as long as their lock, even if their failures would be forgotten sooner', async () => {
    const site = await open({
      dimensions: ['username'],
      forgetAfter: { minutes: 1 },
      tiers: ({ username }) => [{ failures: 1, cooloff: username === 'root' ? 'forever' : { seconds: 90.5 } }],
    });
    await site.guess({ user: 'alice' });
    await site.guess({ user: 'root' });
    site.clock.advance({ seconds: 90, ms: 499 });
    expect(await site.lockedKeys()).to.deep.equal(['username=alice', 'username=root']);
    site.clock.advance({ ms: 1 });
    expect(await site.lockedKeys()).to.deep.equal(['username=root']);
    site.clock.advance({ days: 10_000 });

    expect(await site.lockedKeys()).to.deep.equal(['username=root']);
  });

  for (const [name, dimensions, subject] of [
    ['username', ['username'], { username: ' ALICE ' }],
    ['address', ['ip'], { ip: '::ffff:203.0.113.1' }],
    ['pair', [['username', 'ip']], { username: 'Alice', ip: '203.0.113.1' }],
  ] as const) {
    for (const [how, pseudonymize] of [
      ['in clear', undefined],
      ['as HMAC', 'a secret of at least 32 characters'],
    ] as const) {
      it(`A111 have one key ${how}, whether a request or an operator names them: ${name}`, async () => {
        const site = await open({ ...LIMIT_100, dimensions, ...(pseudonymize && { pseudonymize }) });
        await site.guess();

        const { key } = await site.lockout.status(subject);

        expect(await site.failures()).to.deep.equal({ [key]: 1 });
        expect(key.includes('alice') || key.includes('203.0.113.1')).to.equal(pseudonymize === undefined);
      });
    }
  }

  it('A112 differs: do not exist for a missing address, so that such clients share none', async () => {
    const site = await open({ ...LIMIT_3, clientIp: () => undefined });
    for (let user = 0; user < 6; user += 1) expect((await site.guess({ user: `user ${user}` })).status).to.equal(401);

    expect(Object.keys(await site.failures())).to.have.length(6);
    expect(Object.keys(await site.failures()).filter((key) => key.startsWith('ip'))).to.deep.equal([]);
    expect((await site.logIn()).status).to.equal(200);
  });

  it('A150 in the attempt log contain the hash of its own session for a logout, and of no other', async () => {
    const site = await open(LIMIT_100, {
      before: (lockout) => [
        session({
          secret: 'spec',
          resave: false,
          saveUninitialized: true,
          genid: (req) => String(req.headers['x-id']),
        }),
        (req, res, next) => {
          if (req.path !== '/logout') return next();
          lockout.recordLogout(req, { username: 'alice' }).then(() => res.sendStatus(204), next);
        },
      ],
    });
    const send = (path: string, id: string) =>
      site.app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-id': id },
        body: JSON.stringify({ username: 'alice', password: 'correct horse battery staple' }),
      });
    for (const id of ['one', 'two']) expect((await send('/login', id)).status).to.equal(200);
    expect((await send('/logout', 'two')).status).to.equal(204);

    const hashOf = (id: string) => createHash('sha256').update(id).digest('hex');
    const hashes = async (outcome: 'succeeded' | 'logout') =>
      (await site.lockout.attempts({ outcome })).items.map(({ sessionHash }) => sessionHash);
    expect(await hashes('succeeded')).to.have.members([hashOf('one'), hashOf('two')]);
    expect(await hashes('logout')).to.deep.equal([hashOf('two')]);
  });

  it("A152 in the attempt log do not exist with attemptLog: 'off', and a failed login is never a success", async () => {
    const site = await open({ ...LIMIT_100, attemptLog: 'off' });
    await site.logIn();
    await site.guess();
    await site.lockout.recordLogout({}, { username: 'alice' });
    expect((await site.lockout.attempts()).items).to.deep.equal([]);

    const logging = await open(LIMIT_100);
    await logging.guess();
    expect((await logging.lockout.attempts({ outcome: 'succeeded' })).items).to.deep.equal([]);
  });
});
