/** What events and the attempt log tell of an attempt, and what they never do. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import * as sinon from 'sinon';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };

describe('What is emitted or logged', () => {
  const open = loginSites(onMemoryStore());

  it('A102 contains of an attempt: user, address, agent, path and method', async () => {
    const site = await open(LIMIT_3);
    await site.guess({ path: '/login?next=/secret' });

    expect(site.events.of('attempt_failed')[0]?.attempt).to.deep.equal({
      username: 'alice',
      ip: '203.0.113.1',
      address: '203.0.113.1',
      userAgent: 'agent A',
      method: 'POST',
      path: '/login',
      action: 'local',
    });
  });

  const SUBJECTS: readonly [NonNullable<LockoutOptions['dimensions']>, readonly Readonly<Record<string, string>>[]][] =
    [
      [['ip'], [{ ip: '203.0.113.1' }]],
      [['username'], [{ username: 'alice' }]],
      [[['username', 'ip']], [{ ip: '203.0.113.1', username: 'alice' }]],
      [
        ['username', 'ip'],
        [{ username: 'alice' }, { ip: '203.0.113.1' }],
      ],
    ];
  for (const [dimensions, subjects] of SUBJECTS) {
    it(`A103 contains only the parts that are counted, with ${JSON.stringify(dimensions)}`, async () => {
      const site = await open({ ...LIMIT_3, dimensions });
      await site.guess();

      expect(site.events.of('attempt_failed')[0]?.subjects.map(({ parts }) => parts)).to.deep.equal(subjects);
    });
  }

  it('A104 contains quotes, brackets and percent signs of odd names unchanged', async () => {
    const site = await open(LIMIT_3);
    const name = `o'neil "x" {0} %s \\ <b>`;
    await site.guess({ user: name });

    expect(site.events.of('attempt_failed')[0]?.attempt.username).to.equal(name);
    expect((await site.lockout.attempts()).items[0]?.username).to.equal(name);
    expect((await site.lockout.status({ username: name })).parts).to.deep.equal({ username: name });
  });

  it("A105 can be put in the application's own words by a listener", async () => {
    const site = await open(LIMIT_3);
    const lines: string[] = [];
    site.lockout.on('attempt_failed', ({ attempt: { username, ip, method, path }, subjects }) =>
      lines.push(`${username} from ${ip} at ${method} ${path}: ${subjects.map(({ failures }) => failures).join('/')}`),
    );
    await site.guess(ALICE, 2);

    const line = 'alice from 203.0.113.1 at POST /login';
    expect(lines).to.deep.equal([`${line}: 1/1`, `${line}: 2/2`]);
  });

  it('A134 differs: contains no passwords, whatever their field is called, since no body is ever read or kept', async () => {
    const fields = { usernameField: 'login', passwordField: 'secretWord' };
    const inner = new LocalStrategy(fields, (_login, _word, done) => done(null, false));
    const site = await open(LIMIT_3, { strategy: inner });
    const body = new URLSearchParams({ login: 'alice', secretWord: 'hunter2', password: 'hunter3', pin: 'hunter4' });
    for (let guess = 0; guess < 4; guess += 1) {
      await site.app.request('/login?token=hunter5', { method: 'POST', body });
    }

    const log = (await site.lockout.attempts()).items;
    expect(log).to.have.length(4);
    expect(JSON.stringify([log, site.events.all, (await site.lockout.list()).items])).to.not.include('hunter');
  });

  it('A149 differs: does not announce the start', () => {
    const written = [sinon.stub(process.stdout, 'write'), sinon.stub(process.stderr, 'write')];
    try {
      new Lockout(LIMIT_3);
      for (const write of written) sinon.assert.notCalled(write);
    } finally {
      sinon.restore();
    }
  });

  it('A151 differs: contains nothing of a body; long strings are cut, long names hashed', async () => {
    const site = await open(LIMIT_3);
    const path = `/login?${'q'.repeat(2_000)}`;
    await site.guess({ user: 'u'.repeat(4_000), agent: 'a'.repeat(5_000), path });

    const [entry] = (await site.lockout.attempts()).items;
    expect(entry?.userAgent).to.equal('a'.repeat(256));
    expect(entry?.username).to.match(/^%sha256:[0-9a-f]{64}$/);
    expect(entry?.path).to.equal('/login');
    expect(JSON.stringify(entry).length).to.be.below(1_000);
  });
});

describeOnEachStore('The event of a lock', (stores) => {
  const open = loginSites(stores);

  it('A157 is emitted exactly once, when the limit is reached', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username'] });
    await site.guess(ALICE, 2);
    expect(site.events.count('blocked')).to.equal(0);

    await site.guess();

    expect(site.events.count('username_blocked')).to.equal(1);
    expect(site.events.of('blocked')).to.have.length(1);
    expect(site.events.of('blocked')[0]).to.deep.include({ parts: { username: 'alice' }, failures: 3, tier: 0 });
  });
});
