/** What `respondWith` makes of the built-in answer, over HTTP. */
import { expect } from 'chai';
import { type LockedPage, Lockout, MemoryStore, type RespondOptions, withLockout } from '../../lib/index.js';
import { type Answer, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';
import { ManualClock } from '../support/stores/manual-clock.js';

const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
const MESSAGE = 'Too many failed logins. Try again in 15 minutes.';
const TIERS = [{ failures: 2, cooloff: { minutes: 15 } }];

describe('respondWith', () => {
  const clock = new ManualClock();
  let app: LoginApp;
  let lockout: Lockout;
  /** What another middleware exposes. */
  let exposed: string | undefined;

  async function start(respondWith: RespondOptions): Promise<void> {
    const store = new MemoryStore({ clock: clock.read });
    lockout = new Lockout({ store, tiers: TIERS, onLocked: 'respond', respondWith });
    app = await startLoginApp({
      strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
      before: [
        (_req, res, next) => next(exposed && void res.setHeader('Access-Control-Expose-Headers', exposed)),
        (req, res, next) => (req.path === '/page' ? lockout.middleware()(req, res, next) : next()),
      ],
    });
  }

  function logIn(username: string, accept = BROWSER): Promise<Answer> {
    return app.request('/login', {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ username, password: 'x' }),
    });
  }

  async function lock(username: string): Promise<Answer> {
    await logIn(username);
    return logIn(username);
  }

  beforeEach(() => {
    exposed = undefined;
  });
  afterEach(() => app?.close());

  describe('page', () => {
    it('receives failures, limit, time left and username', async () => {
      const pages: LockedPage[] = [];
      await start({ page: (locked) => `<h1>${pages.push(locked)}</h1>` });

      const locking = await lock('alice');
      clock.advance({ seconds: 90 });
      const refused = await logIn('alice');

      const common = {
        code: 'ERR_LOCKOUT_LOCKED',
        dimension: 'username',
        username: 'alice',
        failures: 2,
        limit: 2,
        locale: 'en',
      };
      expect(pages).to.deep.equal([
        { ...common, message: MESSAGE, retryAfter: 900, duration: 'PT15M' },
        { ...common, message: MESSAGE.replace('15', '14'), retryAfter: 810, duration: 'PT13M30S' },
      ]);
      expect(locking).to.include({ status: 429, body: '<h1>1</h1>', retryAfter: '900' });
      expect(refused).to.include({ status: 429, body: '<h1>2</h1>', retryAfter: '810' });
      expect(refused.headers.get('content-type')).to.equal('text/html; charset=utf-8');
      expect(refused.headers.get('cache-control')).to.equal('no-store');
    });

    it('receives null for what is unknown, and no duration for a lock until reset', async () => {
      const pages: LockedPage[] = [];
      await start({ page: (locked) => `${pages.push(locked)}` });
      await lockout.block({ username: 'alice' }, { for: 'forever' });

      await logIn('alice');

      expect(pages[0]).to.include({ failures: 0, limit: null, retryAfter: null, duration: null });
    });

    it('is also used by the middleware, without a username', async () => {
      await start({ page: ({ username, dimension }) => `${username} ${dimension}` });
      await lockout.block({ ip: '127.0.0.1' }, { for: { hours: 1 } });

      expect(await app.request('/page', { headers: { accept: BROWSER } })).to.include({
        status: 429,
        body: 'undefined ip',
      });
    });

    it('is not sent to programs', async () => {
      await start({ page: () => 'page' });
      await lock('alice');

      expect((await logIn('alice', 'application/json')).headers.get('content-type')).to.equal(
        'application/problem+json',
      );
      expect((await logIn('alice', 'text/plain')).body).to.equal(`${MESSAGE}\n`);
    });

    it('that throws leads to the error handler', async () => {
      await start({
        page: () => {
          throw new Error('bug');
        },
      });

      expect(await lock('alice')).to.include({ status: 500, body: 'error: bug' });
    });
  });

  describe('redirectTo', () => {
    for (const { to, username, location } of [
      { to: '/locked', username: 'alice', location: '/locked?username=alice' },
      { to: '/locked?lang=en', username: 'alice', location: '/locked?lang=en&username=alice' },
      { to: '/locked#form', username: 'alice', location: '/locked?username=alice#form' },
      { to: '/locked', username: 'a&b=c d#ж', location: '/locked?username=a%26b%3Dc%20d%23%D0%B6' },
      { to: '/locked', username: 'x\r\nSet-Cookie: a=b', location: '/locked?username=x%20set-cookie%3A%20a%3Db' },
      { to: '/locked', username: 'lone \ud800 half', location: '/locked?username=lone%20%EF%BF%BD%20half' },
    ]) {
      it(`redirects a browser to ${location}`, async () => {
        await start({ redirectTo: to });

        const answer = await lock(username);

        expect({ status: answer.status, body: answer.body }).to.deep.equal({ status: 303, body: '' });
        expect(answer.headers.get('location')).to.equal(location);
        expect(answer.headers.get('cache-control')).to.equal('no-store');
      });
    }

    it('contains no name when the middleware refuses an address', async () => {
      await start({ redirectTo: '/locked' });
      await lockout.block({ ip: '127.0.0.1' }, { for: { hours: 1 } });

      const answer = await app.request('/page', { redirect: 'manual', headers: { accept: BROWSER } });

      expect(answer.status).to.equal(303);
      expect(answer.headers.get('location')).to.equal('/locked');
    });

    it('does not redirect programs', async () => {
      await start({ redirectTo: '/locked' });
      await lock('alice');

      expect(await logIn('alice', 'application/json')).to.include({ status: 429, retryAfter: '900' });
    });
  });

  describe('content type', () => {
    const PROBLEM = 'application/problem+json';
    const HTML = 'text/html; charset=utf-8';
    const TEXT = 'text/plain; charset=utf-8';
    for (const { accept, byDefault, preferringHtml } of [
      { accept: '*/*', byDefault: PROBLEM, preferringHtml: HTML },
      { accept: '', byDefault: PROBLEM, preferringHtml: HTML },
      { accept: 'application/json, text/plain, */*', byDefault: PROBLEM, preferringHtml: PROBLEM },
      { accept: 'application/problem+json, text/html;q=0.5', byDefault: PROBLEM, preferringHtml: PROBLEM },
      { accept: 'application/*', byDefault: PROBLEM, preferringHtml: PROBLEM },
      { accept: 'image/png', byDefault: PROBLEM, preferringHtml: PROBLEM },
      { accept: 'text/html;q=0.1, */*;q=0.2', byDefault: PROBLEM, preferringHtml: PROBLEM },
      { accept: 'text/plain', byDefault: TEXT, preferringHtml: TEXT },
      { accept: 'text/*', byDefault: TEXT, preferringHtml: HTML },
      { accept: 'text/html', byDefault: HTML, preferringHtml: HTML },
      { accept: 'text/html, application/json', byDefault: HTML, preferringHtml: HTML },
      { accept: BROWSER, byDefault: HTML, preferringHtml: HTML },
    ]) {
      it(`X38 is ${byDefault} for Accept: ${accept || 'none'}, and ${preferringHtml} with prefer: 'html'`, async () => {
        await start({});
        await lock('alice');
        const answer = await logIn('alice', accept);
        await app.close();
        await start({ prefer: 'html' });
        await lock('alice');
        const preferred = await logIn('alice', accept);

        expect(answer.headers.get('content-type')).to.equal(byDefault);
        expect(preferred.headers.get('content-type')).to.equal(preferringHtml);
      });
    }

    it('X38 is JSON with status and time for a plain fetch, even with redirectTo', async () => {
      await start({ redirectTo: '/login' });
      await lock('alice');
      const answer = await app.request('/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'alice', password: 'x' }),
      });

      expect(answer).to.include({ status: 429, retryAfter: '900' });
      expect(JSON.parse(answer.body)).to.include({ status: 429, code: 'ERR_LOCKOUT_LOCKED', retryAfter: 900 });
    });
  });

  describe('corsOrigin', () => {
    for (const accept of [BROWSER, 'text/plain', 'application/json', '*/*']) {
      it(`X38 lets a script of that origin read the response and its time with Accept: ${accept}`, async () => {
        await start({ corsOrigin: 'https://app.example' });
        await lock('alice');
        const { headers } = await logIn('alice', accept);

        expect(headers.get('access-control-allow-origin')).to.equal('https://app.example');
        expect(headers.get('access-control-expose-headers')).to.equal('Retry-After');
      });
    }

    it('X38 is set on a redirect, too, which fetch would otherwise refuse to follow', async () => {
      await start({ corsOrigin: 'https://app.example', redirectTo: '/locked' });
      const { status, headers } = await lock('alice');

      expect(status).to.equal(303);
      expect(headers.get('access-control-allow-origin')).to.equal('https://app.example');
    });

    it('X38 extends the headers that a CORS middleware exposes', async () => {
      exposed = 'X-Request-Id';
      await start({ corsOrigin: 'https://app.example' });
      await lock('alice');

      expect((await logIn('alice')).headers.get('access-control-expose-headers')).to.equal('X-Request-Id, Retry-After');
    });

    it('sets no header by default', async () => {
      await start({});
      await lock('alice');

      expect((await logIn('alice', 'application/json')).headers.has('access-control-allow-origin')).to.equal(false);
    });
  });

  it('never lets a response be cached', async () => {
    await start({});
    await lock('alice');

    for (const accept of [BROWSER, 'application/json', 'text/plain']) {
      expect((await logIn('alice', accept)).headers.get('cache-control')).to.equal('no-store');
    }
  });
});
