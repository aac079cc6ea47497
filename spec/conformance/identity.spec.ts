/** Which subject an attempt counts on, over HTTP. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';

const IP_LIMIT_3 = { tiers: { ip: [{ failures: 3, cooloff: { minutes: 15 } }] } } as const;

describeOnEachStore('The identity of a subject', (stores) => {
  let app: LoginApp;
  let lockout: Lockout;
  let events: EventLog;
  let check: PasswordCheck;

  async function start(options: LockoutOptions = {}, trustProxy = true): Promise<void> {
    check = new PasswordCheck();
    lockout = new Lockout({ ...PATIENT, store: await stores.fresh(), ...options });
    events = new EventLog(lockout);
    app = await startLoginApp({ strategies: { local: withLockout(check.strategy(), lockout) }, trustProxy });
  }

  afterEach(() => app.close());

  it('F18 is the same for every spelling of a name', async () => {
    const spellings = ['Bob', ' bob ', 'BOB', 'ｂｏｂ', 'b\u200bob', 'bob\u0000', '\u00a0bob\u3000'];
    for (const spelling of spellings) {
      await start();
      await app.login('bob', 'wrong');
      await app.login('bob', 'wrong');
      expect((await app.login(spelling, 'wrong')).status, JSON.stringify(spelling)).to.equal(429);
      await app.close();
    }
    await start();
    for (const spelling of ['Ren\u00e9', 'Rene\u0301', 'REN\u00c9']) await app.login(spelling, 'wrong');
    expect((await lockout.status({ username: 'ren\u00e9' })).locked).to.equal(true);
  });

  const ODD_NAMES: readonly [string, unknown][] = [
    ['an array', ['alice']],
    ['an object with an operator', { $ne: null }],
    ['an object with __proto__', JSON.parse('{"__proto__":{"x":1}}')],
    ['a number', 7],
    ['true', true],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['$ne', '$ne'],
    ['a megabyte', 'x'.repeat(2 ** 20)],
    ['a megabyte of blanks around a name', `${' '.repeat(2 ** 19)}x${' '.repeat(2 ** 19)}`],
    ['NUL', 'al\u0000ice2'],
    ['lone surrogates', '\ud800x\udfff'],
    ['only blanks', '   '],
    ['empty', ''],
    ['null', null],
  ];
  for (const [what, name] of ODD_NAMES) {
    it(`F19 is its own or none for ${what} as a username, without an exception`, async () => {
      await start({ tiers: { ip: [{ failures: 1000, cooloff: { minutes: 1 } }] } });

      for (let index = 0; index < 4; index += 1) {
        expect((await app.login(name, 'wrong')).status).to.be.oneOf([400, 401, 429]);
      }

      const { items } = await lockout.list({ locked: false });
      expect(items.length).to.be.at.most(2);
      for (const { key } of items) expect(key.length).to.be.at.most(400);
      expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
      expect((await lockout.status({ username: 'alice' })).failures).to.equal(0);
    });
  }

  it('F20 never lets a username reach the key of an address or of a pair', async () => {
    await start({
      dimensions: ['username', 'ip', ['ip', 'username']],
      tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
    });
    const names = ['127.0.0.1', 'ip=127.0.0.1', 'ip=127.0.0.1&username=alice', '127.0.0.1&username=alice', '%69p=1'];
    for (const [index, name] of names.entries()) await app.login(name, 'wrong', `198.51.100.${index}`);
    for (const [index, name] of names.entries()) await app.login(name, 'wrong', `198.51.101.${index}`);
    for (const [index, name] of names.entries()) await app.login(name, 'wrong', `198.51.102.${index}`);

    const { items } = await lockout.list({ locked: true });
    expect(items.map(({ dimension }) => dimension)).to.deep.equal(names.map(() => 'username'));
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
  });

  it('F21 is the same for an IPv4 address and its mapped forms', async () => {
    await start(IP_LIMIT_3);
    await app.login('a', 'wrong', '1.2.3.4');
    await app.login('b', 'wrong', '::ffff:1.2.3.4');
    expect((await app.login('c', 'wrong', '::ffff:102:304')).status).to.equal(429);
    expect(events.of('ip_blocked').map(({ parts }) => parts)).to.deep.equal([{ ip: '1.2.3.4' }]);
  });

  it('F22 is the same for addresses of one /64, and different for those of two', async () => {
    await start({ tiers: { ip: [{ failures: 20, cooloff: { minutes: 15 } }] } });
    for (let index = 0; index < 20; index += 1) await app.login(`user ${index}`, 'wrong', `2001:db8:0:1::${index + 1}`);
    expect(events.of('ip_blocked').map(({ parts }) => parts)).to.deep.equal([{ ip: '2001:db8:0:1::/64' }]);
    expect((await app.login('other', 'wrong', '2001:db8:0:2::1')).status).to.equal(401);
    expect((await lockout.status({ ip: '2001:db8:0:1::/64' })).locked).to.equal(true);
  });

  for (const [what, clientIp] of [
    ['no address', () => undefined],
    ['an invalid address', () => 'unknown'],
  ] as const) {
    it(`F23 warns once of ${what}, skips the ip dimension and still counts the username`, async () => {
      await start({ ...IP_LIMIT_3, clientIp });
      for (let index = 0; index < 4; index += 1) await app.login(`user ${index}`, 'wrong');
      expect((await app.login('user 9', 'wrong')).status).to.equal(401);
      for (let index = 0; index < 3; index += 1) await app.login('alice', 'wrong');

      expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_IP_MISSING']);
      expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
      expect((await lockout.list()).items.map(({ key }) => key)).to.deep.equal(['username=alice']);
    });
  }

  it('F24 does not follow a forged X-Forwarded-For while no proxy is trusted', async () => {
    await start(IP_LIMIT_3, false);
    for (let index = 0; index < 3; index += 1) await app.login(`user ${index}`, 'wrong', `203.0.113.${index}`);
    expect(events.of('ip_blocked').map(({ parts }) => parts)).to.deep.equal([{ ip: '127.0.0.1' }]);
  });

  it('F26 lets a success take back its own failures from the same place, by name and by address, but none of another user', async () => {
    await start();
    await app.login('alice', 'wrong', '203.0.113.9');
    await app.login('alice', 'wrong', '192.0.2.1');
    await app.login('bob', 'wrong', '203.0.113.9');
    await app.login('alice', RIGHT_PASSWORD, '203.0.113.9');

    expect((await lockout.status({ username: 'alice' })).failures).to.equal(1);
    expect((await lockout.status({ username: 'bob' })).failures).to.equal(1);
    expect((await lockout.status({ ip: '203.0.113.9' })).failures).to.equal(1);
  });

  it('F27 gives an attacker nothing for logging in to an account of their own between two guesses', async () => {
    await start(IP_LIMIT_3);
    const answers: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      answers.push((await app.login('victim', `guess ${index}`, '203.0.113.9')).status);
      await app.login('mallory', RIGHT_PASSWORD, '203.0.113.9');
    }
    expect(answers).to.deep.equal([401, 401, 429, 429, 429]);
    expect(check.verified.filter((name) => name === 'victim')).to.have.length(3);
  });

  it('F41 does not show: a known and an unknown username get the same bytes at every count', async () => {
    const transcripts: string[][] = [];
    for (const username of ['known', 'nobody']) {
      const clock = new ManualClock();
      await start({ store: await stores.fresh(clock.read) });
      const transcript: string[] = [];
      for (let count = 1; count <= 12; count += 1) {
        const { status, body, headers } = await app.login(username, 'wrong');
        const shown = [...headers].filter(([name]) => name !== 'date');
        transcript.push(JSON.stringify([count, status, body, shown]));
      }
      transcripts.push(transcript);
      await app.close();
    }
    expect(transcripts[0]).to.deep.equal(transcripts[1]);
    await start();
  });
});
