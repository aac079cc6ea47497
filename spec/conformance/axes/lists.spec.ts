/** The lists of the options: who gets in or is refused by name. */
import { expect } from 'chai';
import { type AccessList, Lockout, LockoutConfigError, type LockoutOptions } from '../../../lib/index.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };
const ELSEWHERE = { ip: '198.51.100.7' };

describe('Lists:', () => {
  const open = loginSites(onMemoryStore());

  it('A49 failures of an allowed address are emitted and logged, and count nowhere', async () => {
    const site = await open({ ...LIMIT_3, allow: { ips: [ALICE.ip] } });

    expect(await site.statuses(5)).to.deep.equal(Array(5).fill(401));

    expect(await site.failures()).to.deep.equal({});
    expect(site.events.of('attempt_failed').map(({ subjects }) => subjects)).to.deep.equal(Array(5).fill([]));
    expect((await site.lockout.attempts({ outcome: 'failed' })).items).to.have.length(5);
  });

  it('A54 a denied address is refused even with the right password, which is not verified', async () => {
    const site = await open({ ...LIMIT_3, deny: { ips: [ALICE.ip] } });

    expect((await site.logIn()).status).to.equal(429);
    expect(site.check.verified).to.deep.equal([]);
    expect((await site.logIn(ELSEWHERE)).status).to.equal(200);
  });

  it('A55 an allowed address gets in while the account is locked for others', async () => {
    const site = await open({ ...LIMIT_3, allow: { ips: [ELSEWHERE.ip] } });
    await site.guess(ALICE, 3);

    expect((await site.logIn(ELSEWHERE)).status).to.equal(200);
    expect((await site.logIn({ ip: '198.51.100.8' })).status).to.equal(429);
  });

  it('A121 without lists nobody is exempt and nobody is refused', async () => {
    for (const lists of [{}, { allow: {}, deny: {} }, { allow: { ips: [] }, deny: { usernames: [] } }]) {
      const site = await open({ ...LIMIT_3, ...lists });
      expect((await site.logIn()).status).to.equal(200);
      expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
    }
  });

  const MEMBERS: readonly [what: string, list: AccessList, isMember: boolean][] = [
    ['its address', { ips: [ALICE.ip] }, true],
    ['a range around it', { ips: ['203.0.113.0/24'] }, true],
    ['its mapped form', { ips: ['::ffff:203.0.113.1'] }, true],
    ['another address', { ips: ['203.0.113.2'] }, false],
    ['another range', { ips: ['198.51.100.0/24'] }, false],
    ['its username in another spelling', { usernames: [' ALICE '] }, true],
    ['another username', { usernames: ['bob'] }, false],
  ];
  for (const [what, list, isMember] of MEMBERS) {
    it(`A122 members of each list are distinguished from others: ${what}`, async () => {
      const allowing = await open({ ...LIMIT_3, allow: list });
      expect(await allowing.statuses(3)).to.deep.equal([401, 401, isMember ? 401 : 429]);

      const denying = await open({ ...LIMIT_3, deny: list });
      expect((await denying.logIn()).status).to.equal(isMember ? 429 : 200);
    });
  }

  it('A123 with restrictTo only members get in, and are counted; others are refused at once', async () => {
    const site = await open({ ...LIMIT_3, restrictTo: { ips: ['203.0.113.0/24'] } });

    expect((await site.logIn(ELSEWHERE)).status).to.equal(429);
    expect(site.check.verified).to.deep.equal([]);
    expect((await site.logIn()).status).to.equal(200);
    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
  });

  it('a member of both lists is refused', async () => {
    const site = await open({ ...LIMIT_3, allow: { ips: [ALICE.ip] }, deny: { usernames: ['alice'] } });

    expect((await site.logIn()).status).to.equal(429);
  });

  it('A133 a function exempts attempts; by default none is exempt, and the option must be a function', async () => {
    const site = await open({ ...LIMIT_3, allow: { when: ({ username }) => username === 'service' } });

    expect(await site.statuses(4, { user: 'service' })).to.deep.equal([401, 401, 401, 401]);
    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
    expect(await (await open(LIMIT_3)).statuses(3, { user: 'service' })).to.deep.equal([401, 401, 429]);
    for (const when of ['some.path', 7, {}]) {
      expect(() => new Lockout({ allow: { when } } as never)).to.throw(
        LockoutConfigError,
        'options.allow.when: expected a function of the attempt, got ',
      );
    }
  });
});
