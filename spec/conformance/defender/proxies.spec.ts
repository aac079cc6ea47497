/** Addresses behind proxies. */
import { expect } from 'chai';
import { type LockoutOptions, trustedProxies } from '../../../lib/index.js';
import { loginSites, onMemoryStore } from '../../support/sites/login-site.js';

const BY_IP: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }], dimensions: ['ip'] };

describe('Addresses behind proxies as in defender', () => {
  const open = loginSites(onMemoryStore());

  it('D25 differs: come from the header that the proxy sets; in a list the right-most one counts that is no proxy', async () => {
    const site = await open({ ...BY_IP, clientIp: trustedProxies(['loopback'], { header: 'X-Real-IP' }) });
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.66' };
    const body = '{"username":"alice","password":"wrong"}';
    for (const forged of ['192.0.2.1', '192.0.2.2, 192.0.2.3', 'nonsense']) {
      const init = { method: 'POST', headers: { ...headers, 'x-real-ip': `${forged}, 198.51.100.7, 127.0.0.9` }, body };
      await site.app.request('/login', init);
    }

    expect(await site.failures()).to.deep.equal({ 'ip=198.51.100.7': 3 });
  });

  const WITH_PORTS: readonly [given: string, key: string][] = [
    ['198.51.100.7:49152', 'ip=198.51.100.7'],
    ['[2001:db8::7]:49152', 'ip=2001:db8::/64'],
    ['[2001:db8::7]', 'ip=2001:db8::/64'],
    ['[::ffff:198.51.100.7]:80', 'ip=198.51.100.7'],
  ];
  for (const [given, key] of WITH_PORTS) {
    it(`D27 count without their port: ${given}`, async () => {
      const site = await open({ ...BY_IP, clientIp: () => given });
      await site.guess();

      expect(Object.keys(await site.failures()).map(decodeURIComponent)).to.deep.equal([key]);
    });
  }
});
