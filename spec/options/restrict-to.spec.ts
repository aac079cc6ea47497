/** `restrictTo`: only those on the list are let in. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { type AccessList, Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

const INSIDE = { username: 'alice', ip: '10.1.2.3' };
const OUTSIDE = { username: 'alice', ip: '203.0.113.9' };
const OFFICE: AccessList = { ips: ['10.0.0.0/8'] };
const right = () => true;
const wrong = () => false;

describe('restrictTo', () => {
  const outcome = async (options: LockoutOptions, attempt: object) =>
    (await new Lockout(options).protect(attempt, right)).outcome;

  it('lets everybody in by default', async () => {
    expect(await outcome({}, OUTSIDE)).to.equal('succeeded');
  });

  it('refuses an attempt that is not on the list, as denied and uncounted', async () => {
    const lockout = new Lockout({ restrictTo: OFFICE });
    const refused = await lockout.protect(OUTSIDE, right);
    expect(refused.outcome).to.equal('refused');
    expect((refused as { locked: object }).locked).to.include({ code: 'ERR_LOCKOUT_DENIED', retryAfter: null });
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });

  it('counts an attempt on the list as usual', async () => {
    const lockout = new Lockout({ restrictTo: OFFICE });
    for (let failure = 0; failure < 3; failure += 1) await lockout.protect(INSIDE, wrong);
    expect((await lockout.protect(INSIDE, right)).outcome).to.equal('refused');
  });

  const CASES = [
    {
      title: 'refuses an attempt on the deny list, too',
      options: { restrictTo: OFFICE, deny: { ips: ['10.1.0.0/16'] } },
      outcome: 'refused',
    },
    {
      title: 'refuses an attempt off the list that is on the allow list',
      options: { restrictTo: { ips: ['192.0.2.1'] }, allow: OFFICE },
      outcome: 'refused',
    },
    {
      title: 'lets in usernames in any spelling',
      options: { restrictTo: { usernames: [' ALICE '] } },
      outcome: 'succeeded',
    },
    {
      title: 'lets in an attempt for which its function returns true',
      options: { restrictTo: { when: () => true } },
      outcome: 'succeeded',
    },
    {
      title: 'refuses an attempt for which its function returns false',
      options: { restrictTo: { when: () => false } },
      outcome: 'refused',
    },
  ];
  for (const { title, options, outcome: expected } of CASES) {
    it(`${title}`, async () => {
      expect(await outcome(options, INSIDE)).to.equal(expected);
    });
  }

  for (const [what, restrictTo, status] of [
    ['an address off the list', OFFICE, 429],
    ['no request while the username decides', { ...OFFICE, usernames: ['alice'] }, 200],
  ] as const) {
    it(`makes middleware refuse ${what}`, async () => {
      const lockout = new Lockout({ restrictTo });
      const page: RequestHandler = (_req, res) => void res.send('page');
      const app = await startLoginApp({
        strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
        before: [lockout.middleware() as RequestHandler, page],
      });
      const answer = await app.request('/page', { headers: { 'x-forwarded-for': '203.0.113.9' } });
      await app.close();
      expect(answer.status).to.equal(status);
    });
  }
});
