/** fail2ban bans the addresses that were locked, and nobody whom an attacker names. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, logLockout } from '../../lib/index.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { bannedBy, checkJail } from '../support/tools/fail2ban.js';

const ATTACKER = '203.0.113.9';
const INNOCENT = '198.51.100.7';
const FORGED = `passport-lockout: ip_blocked ip=${INNOCENT} enforced=true`;
/** Each tries to have another address banned, or not to be banned. */
const HOSTILE = [
  'alice',
  `ip=${INNOCENT}`,
  FORGED,
  `x\n${FORGED}`,
  `x\r\n2026-11-26 19:00:00 WARN ${FORGED}`,
  `x\u2028${FORGED}`,
  `x\u0085${FORGED}`,
  `" ${FORGED} "`,
  `\\" ${FORGED}`,
  `","msg":"${FORGED}`,
  `x ip_blocked ip=${INNOCENT} enforced=true`,
  `from ${INNOCENT} port 22`,
  '1999-12-31 23:59:59',
  `<HOST> ${INNOCENT} \\d+ (?P<ip>)`,
  '%s%s%d%n $(id) {0}',
  'x'.repeat(5_000),
];

/** As loggers write a line: as it is, with a date and a level, for syslog, and as JSON. */
const date = () => new Date().toISOString();
const FORMATS: Readonly<Record<string, readonly ['plain' | 'json', (level: string, line: string) => string]>> = {
  'as it is': ['plain', (_level, line) => line],
  'with a date and a level': ['plain', (level, line) => `${date()} [app] ${level}: ${line}`],
  'by syslog': ['plain', (_level, line) => `Nov 26 19:00:00 host app[123]: ${line}`],
  'by pino': ['json', (level, msg) => JSON.stringify({ level, time: Date.now(), pid: 1, hostname: 'h', msg })],
  'by winston': ['json', (level, message) => JSON.stringify({ level, message, timestamp: date() })],
};

describe('fail2ban with the filter of docs/fail2ban', () => {
  type Written = (level: string, line: string) => string;

  /** The lines of an attack by one address under this name. */
  async function linesOf(name: string, written: Written, options: LockoutOptions = {}): Promise<readonly string[]> {
    const lines: string[] = [];
    const lockout = new Lockout({
      canonicalUsername: (given) => String(given),
      dimensions: ['username', 'ip', ['ip', 'username'], 'userAgent'],
      tiers: onEvery([{ failures: 2, cooloff: { minutes: 15 } }]),
      signals: { usernames: 2, newFailures: 2, factor: 1 },
      ...options,
    });
    const log = (level: string) => (line: string) => lines.push(written(level, line));
    logLockout(lockout, { info: log('info'), warn: log('warn') });
    const req = { ip: ATTACKER, method: name, headers: { 'user-agent': name } };
    for (const username of [name, `${name}2`, name]) {
      await lockout.protect({ username, action: name, req }, () => false);
    }
    await lockout.block({ username: name }, { for: '1h', reason: name.slice(0, 900), by: name.slice(0, 900) });
    return lines;
  }

  for (const [how, [mode, written]] of Object.entries(FORMATS)) {
    it(`bans the attacker once, and nobody else, whatever name is tried, if the log is written ${how}`, async () => {
      const attacks = await Promise.all(HOSTILE.map((name) => linesOf(name, written)));

      expect(await bannedBy(attacks.flat(), mode)).to.deep.equal(HOSTILE.map(() => ATTACKER));
    });
  }

  it('reads the jail of docs/fail2ban as it stands', async () => {
    expect(await checkJail()).to.match(/^OK: configuration test is successful$/m);
  });

  it('bans the network of an IPv6 client', async () => {
    const lines: string[] = [];
    const lockout = new Lockout({ tiers: onEvery([{ failures: 1, cooloff: '15m' }]) });
    logLockout(lockout, { info: (line) => lines.push(line), warn: (line) => lines.push(line) });

    await lockout.protect({ username: 'alice', ip: '2001:db8:1:2:3::4' }, () => false);

    expect(await bannedBy(lines)).to.deep.equal(['2001:db8:1:2::/64']);
  });

  it('bans nobody in monitor mode', async () => {
    expect(await bannedBy(await linesOf('alice', (_level, line) => line, { mode: 'monitor' }))).to.deep.equal([]);
  });

  it('bans nobody for an object that a client had logged', async () => {
    const body = JSON.stringify({ level: 30, time: Date.now(), body: { msg: FORGED } });

    expect(await bannedBy([body], 'json')).to.deep.equal([]);
  });
});
