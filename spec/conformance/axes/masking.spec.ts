/** What log lines do not show. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import type { LockoutOptions } from '../../../lib/index.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };

describe('A log line', () => {
  const open = loginSites(onMemoryStore());

  it('A106 hides what is sensitive and shows the rest; a listener can still read it by name', async () => {
    const site = await open({ ...LIMIT_3, sensitive: ['username', 'ip'] });
    await site.guess(ALICE, 4);

    for (const line of [JSON.stringify(site.events.all), inspect(site.events.all, { depth: 9 })]) {
      expect(line).to.include('********').and.include('agent A').and.include('/login');
      expect(line).to.not.include('alice').and.not.include(ALICE.ip);
    }
    expect(site.events.of('username_blocked')[0]?.parts['username']).to.equal('alice');
  });
});
