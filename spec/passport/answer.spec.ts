/** What a refused client gets to see, over HTTP. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { type Answer, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';
import { stillStore } from '../support/stores/still-store.js';

const MESSAGE = 'Too many failed logins. Try again in 15 minutes.';

describe('onLocked', () => {
  let app: LoginApp;

  async function refused(
    options: LockoutOptions,
    headers: Record<string, string> = {},
    before: RequestHandler[] = [],
  ): Promise<Answer> {
    const lockout = new Lockout({ store: stillStore(), ...options });
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    app = await startLoginApp({ strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) }, before });
    return app.request('/login', {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username: 'alice', password: 'x' }),
    });
  }

  afterEach(() => app.close());

  it("'fail' passes Passport the status, and the client Retry-After", async () => {
    expect(await refused({})).to.include({ status: 429, body: 'Too Many Requests', retryAfter: '900' });
  });

  it("'fail' uses lockedStatus", async () => {
    expect(await refused({ lockedStatus: 403 })).to.include({ status: 403, body: 'Forbidden' });
  });

  it("'error' passes on an error that carries the status", async () => {
    const answer = await refused({ onLocked: 'error', lockedMessage: 'Come back later.' });
    expect(answer).to.include({ status: 429, body: 'error: Come back later.', retryAfter: '900' });
  });

  it("'respond' answers with a page for browsers", async () => {
    const answer = await refused(
      { onLocked: 'respond', lockedMessage: '<b>&"later"' },
      { accept: 'text/html,*/*;q=0.8' },
    );
    expect(answer).to.include({ status: 429, retryAfter: '900' });
    expect(answer.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).to.equal('no-store');
    expect(answer.headers.get('vary')).to.equal('Accept, Accept-Language');
    expect(answer.body).to.include('<h1>Login refused</h1>\n<p>&#60;b&#62;&#38;&#34;later&#34;</p>');
  });

  it("'respond' answers with problem+json for programs", async () => {
    const answer = await refused({ onLocked: 'respond' }, { accept: 'application/json' });
    expect(answer.headers.get('content-type')).to.equal('application/problem+json');
    expect(JSON.parse(answer.body)).to.deep.equal({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: MESSAGE,
      code: 'ERR_LOCKOUT_LOCKED',
      retryAfter: 900,
    });
  });

  for (const [accept, type, body] of [
    ['text/plain', 'text/plain; charset=utf-8', `${MESSAGE}\n`],
    ['image/png', 'application/problem+json', undefined],
  ] as const) {
    it(`'respond' answers ${accept} with ${type}`, async () => {
      const answer = await refused({ onLocked: 'respond' }, { accept });
      expect(answer.headers.get('content-type')).to.equal(type);
      if (body) expect(answer.body).to.equal(body);
    });
  }

  it("'respond' fails through Passport if there is no response to write to", async () => {
    const lockout = new Lockout({ onLocked: 'respond' });
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    const strategy = withLockout(new PasswordCheck().strategy(), lockout);
    const { actions } = drive(strategy, { body: { username: 'alice', password: 'x' } });
    expect(actions.map(([name, , status]) => [name, status])).to.deep.equal([['fail', 429]]);
    app = await startLoginApp({ strategies: { local: strategy } });
  });

  for (const [name, onLocked, expected] of [
    ['fail', (info, { fail, status }) => fail(info, status + 1), { status: 430 }],
    ['error', (info, { error }) => error(new Error(info.code)), { status: 500, body: 'error: ERR_LOCKOUT_LOCKED' }],
    ['redirect', (info, { redirect }) => redirect(`/locked?for=${info.retryAfter}`), { status: 302 }],
  ] as [string, Extract<LockoutOptions['onLocked'], (...args: never) => unknown>, object][]) {
    it(`may be a function that answers by ${name}`, async () => {
      expect(await refused({ onLocked })).to.include(expected);
    });
  }

  it('may be a function that redirects to a page with the time left', async () => {
    const answer = await refused({ onLocked: (info, { redirect }) => redirect(`/locked?for=${info.retryAfter}`, 303) });
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal('/locked?for=900');
  });

  it('may be a function whose error is passed on', async () => {
    const answer = await refused({
      onLocked: () => {
        throw new Error('bug');
      },
    });
    expect(answer).to.include({ status: 500, body: 'error: bug' });
  });

  it('does not change headers that are already sent', async () => {
    const flush: RequestHandler = (_req, res, next) => {
      res.writeHead(200, { 'content-type': 'text/plain' });
      next();
    };
    expect(await refused({}, {}, [flush])).to.include({ status: 200, retryAfter: null });
  });
});
