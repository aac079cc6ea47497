/** Values chosen by clients, wherever they are emitted: a line of a log stays one line, and shows whose it is. */
import { expect } from 'chai';
import { canonicalUsername, exactName, Lockout, type LockoutOptions, MemoryStore } from '../../../lib/index.js';
import { EventLog, type Heard } from '../../support/tools/events.js';

const SECRET = 's'.repeat(32);
const IP = '203.0.113.9';
/** Whatever ends a line, moves a cursor, turns the writing round or shows nothing. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const HOSTILE: readonly (readonly [what: string, name: string])[] = [
  ['a line break', 'alice\nroot logged in'],
  ['a carriage return', 'alice\rroot logged in'],
  ['a tab', 'alice\troot'],
  ['an escape sequence', 'alice\u001b[2K\u001b[1Aroot'],
  ['a sequence of C1', 'alice\u009b2Kroot'],
  ['the next line of EBCDIC', 'alice\u0085root'],
  ['a line separator', 'alice\u2028root'],
  ['a paragraph separator', 'alice\u2029root'],
  ['a mark that turns the writing round', 'alice\u202etoor\u2066'],
  ['what shows nothing', 'ali\u200bce\ufeff\u00ad'],
  ['NUL and DEL', 'alice\u0000\u007f'],
  ['half a character', 'alice\ud83d'],
  ['tags', 'alice\u{e0041}'],
  ['what looks like an escape already', 'alice\\u{a}root'],
  ['nothing but plain characters', `o'neil "x" {0} %s \\ <b> Zoë 🔑`],
];

/** All texts in a payload that a log could be made of; what a listener, a driver or an application has thrown is its own. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Error) return [value.message];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === 'cause' ? [] : [name, ...textsIn(member)]));
}

/** As a program writes a line for each event. */
const toLine = ({ name, payload }: Heard) => [name, ...textsIn(payload)].join(' ');

/** An exact user store, whose application folds nothing: every character is kept. */
const EXACT: LockoutOptions = { canonicalUsername: (name) => String(name), secret: SECRET };

async function tellEverything(name: string, options: LockoutOptions = EXACT) {
  const tenant = () => name;
  const lockout = new Lockout({
    store: new MemoryStore(),
    dimensions: ['username', 'ip', ['ip', 'username'], 'userAgent', tenant],
    tiers: () => [{ failures: 2, cooloff: { minutes: 15 } }],
    ...options,
  });
  const log = new EventLog(lockout);
  const req = { ip: IP, method: name, originalUrl: `/${name}`, headers: { 'user-agent': name } };
  const attempt = { username: name, action: name, req };
  // A request of its own: with that of a login, the failures would be those of a known device.
  await lockout.protect({ ...attempt, req: { ...req } }, () => true);
  for (let index = 0; index < 3; index += 1) await lockout.protect(attempt, () => false);
  await lockout.protect({ username: name, action: name }, () => false);
  const listed = await lockout.list({ locked: false });
  const status = await lockout.status({ username: name });
  const token = await lockout.createUnlockToken({ username: name });
  const redeemed = await lockout.redeemUnlockToken(token, { by: name });
  await lockout.block({ username: name }, { for: 'forever', reason: name, by: name });
  const blocked = await lockout.list();
  await lockout.reset({ all: true, by: name });
  const logged = (await lockout.attempts()).items;
  return { lockout, log, told: { listed, status, redeemed, blocked, logged, findings: await lockout.check() } };
}

describe('What is called safe to log', () => {
  for (const [what, name] of HOSTILE) {
    it(`X39 is one line for each event, whoever logs in as ${what}`, async () => {
      const { log } = await tellEverything(name);
      const names = new Set(log.all.map((heard) => heard.name));

      expect([...names]).to.include.members([
        'attempt_failed',
        'attempt_succeeded',
        'attempt_refused',
        'username_blocked',
        'ip_blocked',
        'blocked',
        'unblocked',
        'warning',
      ]);
      for (const heard of log.all) expect(toLine(heard), heard.name).not.to.match(UNSAFE);
    });

    it(`X39 contains no unsafe text in the log, a status, a list or a finding: ${what}`, async () => {
      const { told } = await tellEverything(name);

      expect(told.logged).to.have.length.above(4);
      for (const [where, value] of Object.entries(told)) {
        for (const text of textsIn(value)) expect(text, where).not.to.match(UNSAFE);
      }
    });

    it(`X39 leaves the exact name available: ${what}`, async () => {
      const { lockout, log } = await tellEverything(name);
      const [failed] = log.of('attempt_failed');
      const [blocked] = log.of('username_blocked');

      expect(exactName(String(failed?.attempt.username))).to.equal(name);
      expect(exactName(String(blocked?.parts['username']))).to.equal(name);
      expect(
        (await lockout.attempts({ username: name })).items.map(({ username }) => exactName(String(username))),
      ).to.include(name);
      // The value shown in an event, passed to a method.
      await lockout.block({ username: exactName(String(blocked?.parts['username'])) }, { for: 'forever' });
      expect((await lockout.status({ username: name })).locked).to.equal(true);
    });
  }

  it('X39 keeps two names as two subjects, even if one is written as the other is shown', async () => {
    const names = [
      ...HOSTILE.map(([, name]) => name),
      'alice\\u{a}',
      'alice\n',
      'alice\\u{5c}u{a}',
      'alice\\',
      'alice\ud83e',
    ];
    const lockout = new Lockout({ ...EXACT, dimensions: ['username'] });
    const log = new EventLog(lockout);
    for (const username of names) await lockout.protect({ username }, () => false);

    const subjects = log.of('attempt_failed').flatMap((event) => event.subjects);
    expect(new Set(subjects.map(({ key }) => key)).size).to.equal(names.length);
    expect(new Set(subjects.map(({ parts }) => parts['username'])).size).to.equal(names.length);
    expect(subjects.map(({ failures }) => failures)).to.deep.equal(names.map(() => 1));
    for (const username of names) expect((await lockout.attempts({ username })).items, username).to.have.length(1);
  });

  it('X39 lets erase remove one user, and none whose name is shown the same', async () => {
    const lockout = new Lockout({ ...EXACT, dimensions: ['username'] });
    for (const username of ['alice\n', 'alice\r', 'alice\\u{a}']) await lockout.protect({ username }, () => false);

    expect(await lockout.erase({ username: 'alice\n' })).to.deep.equal({ subjects: 1, attempts: 1 });
    expect((await lockout.attempts()).items.map(({ username }) => exactName(String(username)))).to.have.members([
      'alice\r',
      'alice\\u{a}',
    ]);
  });

  it('X39 passes the exact name to the options', async () => {
    const seen: unknown[] = [];
    const lockout = new Lockout({
      ...EXACT,
      dimensions: ['username'],
      tiers: ({ username }) => {
        seen.push(username);
        return [{ failures: 3, cooloff: { minutes: 15 } }];
      },
    });
    await lockout.protect({ username: 'ali\nce' }, () => false);
    await lockout.status({ username: 'ali\nce' });

    expect([...new Set(seen)]).to.deep.equal(['ali\nce']);
  });

  it('X39 has nothing to escape with the default fold', () => {
    for (const [what, name] of HOSTILE) expect(canonicalUsername(name), what).not.to.match(UNSAFE);
  });

  // Azure and IIS write the client's port into X-Forwarded-For, sockets write IPv4 as IPv6, and browsers a zone.
  const ADDRESSES: readonly (readonly [given: string, address: string | undefined, ip: string | undefined])[] = [
    ['203.0.113.7:4711', '203.0.113.7', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1', '2001:db8::/64'],
    ['[2001:DB8:0::1]', '2001:db8::1', '2001:db8::/64'],
    ['2001:db8:0:0::1', '2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::1', 'fe80::/64'],
    ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:80', '203.0.113.7', '203.0.113.7'],
    ['64:ff9b::203.0.113.7', '203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7', '203.0.113.7'],
    ['203.0.113.7\nlocked 198.51.100.1', undefined, undefined],
    ['fe80::1%\nlocked 198.51.100.1', 'fe80::1', 'fe80::/64'],
    ['203.0.113.7:4711:x', undefined, undefined],
    ['unknown', undefined, undefined],
  ];
  for (const [given, address, ip] of ADDRESSES) {
    it(`X39 shows ${JSON.stringify(given)} as ${address ?? 'no address'}`, async () => {
      const lockout = new Lockout({
        dimensions: ['username', 'ip'],
        tiers: () => [{ failures: 1, cooloff: 'forever' }],
      });
      const log = new EventLog(lockout);
      await lockout.protect({ username: 'alice', req: { ip: given } }, () => false);
      await lockout.protect({ username: 'alice', req: { ip: given } }, () => false);

      const attempts = [...log.of('attempt_failed'), ...log.of('blocked'), ...log.of('attempt_refused')];
      expect(attempts).to.have.length.above(2);
      for (const { attempt } of attempts) expect(attempt).to.include({ address, ip });
      for (const entry of (await lockout.attempts()).items) expect(entry.ip).to.equal(ip ?? null);
    });
  }
});
