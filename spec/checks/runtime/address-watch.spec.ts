/** F25: every client shows the same private address, because the proxy before the application is not trusted. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { EventLog } from '../../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_ONE_PRIVATE_ADDRESS';

describe('F25 AddressWatch', () => {
  async function warnings(
    { ips, users, result = false }: { ips: readonly string[]; users: number; result?: boolean },
    options: LockoutOptions = {},
  ): Promise<number> {
    const lockout = new Lockout(options);
    const log = new EventLog(lockout);
    for (let user = 0; user < users; user += 1) {
      await lockout.protect({ username: `user${user}`, ip: ips[user % ips.length] }, () => result);
    }
    return log.of('warning').filter(({ code }) => code === CODE).length;
  }

  for (const ip of [
    '10.0.0.1',
    '172.17.0.1',
    '192.168.1.1',
    '127.0.0.1',
    '::1',
    '::ffff:10.0.0.1',
    'fd00::1',
    '100.64.0.1',
  ]) {
    it(`warns once when 20 different users have failed from ${ip} alone`, async () => {
      expect(await warnings({ ips: [ip], users: 19 })).to.equal(0);
      expect(await warnings({ ips: [ip], users: 20 })).to.equal(1);
      expect(await warnings({ ips: [ip], users: 60 })).to.equal(1);
    });
  }

  for (const [what, run, options] of [
    ['the address is public', { ips: ['203.0.113.9'], users: 60 }, {}],
    ['the address is public IPv6', { ips: ['2001:db8::1'], users: 60 }, {}],
    ['another address was seen', { ips: [...Array(19).fill('10.0.0.1'), '203.0.113.9'], users: 60 }, {}],
    ['another private address was seen', { ips: ['10.0.0.1', '10.0.0.2'], users: 60 }, {}],
    ['all succeed', { ips: ['10.0.0.1'], users: 60, result: true }, {}],
    ['addresses are not counted', { ips: ['10.0.0.1'], users: 60 }, { dimensions: ['username'] }],
  ] as [string, Parameters<typeof warnings>[0], LockoutOptions][]) {
    it(`does not warn if ${what}`, async () => {
      expect(await warnings(run, options)).to.equal(0);
    });
  }

  it('does not warn about one user who fails often', async () => {
    const lockout = new Lockout({ tiers: [{ failures: 100, cooloff: 'PT1H' }] });
    const log = new EventLog(lockout);
    for (let index = 0; index < 60; index += 1) {
      await lockout.protect({ username: 'alice', ip: '10.0.0.1' }, () => false);
    }

    expect(log.count('warning')).to.equal(0);
  });

  it('treats a success from elsewhere as another address', async () => {
    const lockout = new Lockout();
    const log = new EventLog(lockout);
    await lockout.protect({ username: 'alice', ip: '198.51.100.1' }, () => true);
    for (let user = 0; user < 30; user += 1) {
      await lockout.protect({ username: `user${user}`, ip: '10.0.0.1' }, () => false);
    }

    expect(log.count('warning')).to.equal(0);
  });
});
