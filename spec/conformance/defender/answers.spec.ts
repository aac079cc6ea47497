/** How a refusal looks, and what counts as a failure for a view with answers of its own. */
import { expect } from 'chai';
import { Strategy as CustomStrategy } from 'passport-custom';
import type { LockoutOptions, StrategyOptions } from '../../../lib/index.js';
import { ALICE, type LoginSite, loginSites, onMemoryStore } from '../../support/sites/login-site.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { minutes: 5 } }] };
const BROWSER = 'text/html,*/*;q=0.8';

describe('The refusal as in defender', () => {
  const open = loginSites(onMemoryStore());

  /** A locked address, whose requests meet the middleware first. */
  async function openLocked(respondWith: LockoutOptions['respondWith'] = {}): Promise<LoginSite> {
    const site = await open(
      { ...LIMIT_3, dimensions: ['ip'], onLocked: 'respond', respondWith },
      {
        before: (lockout) => [
          (req, res, next) => (req.method === 'GET' ? lockout.middleware()(req, res, next) : next()),
        ],
      },
    );
    await site.guess(ALICE, 3);
    return site;
  }

  it('D18 can be a redirect, for POST and GET, to an address here or elsewhere', async () => {
    for (const redirectTo of ['https://example.com/locked', '/locked', '/locked?why=many#top']) {
      const site = await openLocked({ redirectTo });
      const [post, get] = [await site.logIn({ accept: BROWSER }), await site.logIn({ accept: BROWSER, method: 'GET' })];

      expect([post.status, get.status]).to.deep.equal([303, 303]);
      expect(get.headers.get('location')).to.equal(redirectTo);
      const withUser = new URL(post.headers.get('location') ?? '', 'http://login.example');
      expect(withUser.searchParams.get('username')).to.equal('alice');
      withUser.searchParams.delete('username');
      expect(withUser.href).to.equal(new URL(redirectTo, 'http://login.example').href);
    }
  });

  it('D19 can be a page of the application, for POST and GET', async () => {
    const site = await openLocked({ page: ({ retryAfter, limit }) => `locked for ${retryAfter} after ${limit}` });

    for (const method of ['POST', 'GET']) {
      expect(await site.logIn({ accept: BROWSER, method })).to.include({ status: 429, body: 'locked for 300 after 3' });
    }
  });

  it('D20 recommends contacting an administrator if the lock has no end, and shows no time', async () => {
    const site = await open({ tiers: [{ failures: 1, cooloff: 'forever' }], onLocked: 'respond' });
    const { body, retryAfter } = await site.guess({ accept: 'text/plain' });

    expect([body, retryAfter]).to.deep.equal(['Too many failed logins. Please contact an administrator.\n', null]);
  });
});

describe('A failure as in defender', () => {
  const open = loginSites(onMemoryStore());
  const WRONG = { message: 'Sorry, wrong password.' };
  const failing = (info?: object) => new CustomStrategy((_req, done) => done(null, false, info));
  const byMessage: StrategyOptions = {
    isFailure: ({ called, args: [info] }) =>
      called === 'fail' && (info as { message?: string } | undefined)?.message === WRONG.message,
  };

  it('D35 is a 401 without a message', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['ip'] }, { strategy: failing() });

    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
  });

  it('D36 is recognized by its message if the application says so', async () => {
    const site = await open(
      { ...LIMIT_3, dimensions: ['ip'] },
      { strategy: failing(WRONG), strategyOptions: byMessage },
    );

    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
  });

  it('D37 is not recognized by another message then', async () => {
    const other = failing({ message: 'Please confirm your address first.' });
    const site = await open({ ...LIMIT_3, dimensions: ['ip'] }, { strategy: other, strategyOptions: byMessage });

    expect(await site.statuses(5)).to.deep.equal(Array(5).fill(401));
    expect(await site.failures()).to.deep.equal({});
  });
});
