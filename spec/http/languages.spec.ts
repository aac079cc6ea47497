/** In which language a refused client is answered, over HTTP. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { MessageCatalogue } from '../../lib/messages/catalogue.js';
import { BUILT_IN_TEXTS } from '../../lib/messages/texts.js';
import { type Answer, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';
import { SlowStore } from '../support/stores/slow-store.js';

const lockedIn = (locale: string) => new MessageCatalogue().lockedFor(900, locale);

describe('The language of a refusal', () => {
  let app: LoginApp;
  let lockout: Lockout;

  async function start(options: LockoutOptions = {}): Promise<void> {
    lockout = new Lockout({ onLocked: 'respond', ...options });
    app = await startLoginApp({
      strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
      before: [
        (_req, res, next) => next(void res.setHeader('Vary', 'Origin')),
        (req, res, next) => (req.path === '/page' ? lockout.middleware()(req, res, next) : next()),
      ],
    });
  }

  function logIn(language: string, accept = 'text/html'): Promise<Answer> {
    return app.request('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'accept-language': language },
      body: JSON.stringify({ username: 'alice', password: 'x' }),
    });
  }

  const lockAlice = () => lockout.block({ username: 'alice' }, { for: { minutes: 15 } });

  afterEach(() => app.close());

  it('follows the client on the page: words, time left, attributes and headers', async () => {
    await start();
    await lockAlice();
    const answer = await logIn('de-AT,de;q=0.9');

    expect(answer.body).to.include('<html lang="de" dir="ltr">');
    expect(answer.body).to.include('<title>Anmeldung abgelehnt</title>');
    expect(answer.body).to.include(
      '<h1>Anmeldung abgelehnt</h1>\n<p>Zu viele fehlgeschlagene Anmeldungen. Bitte versuchen Sie es in 15 Minuten noch einmal.</p>',
    );
    expect(answer.headers.get('content-language')).to.equal('de');
    expect(answer.headers.get('vary')).to.equal('Origin, Accept, Accept-Language');
  });

  it('sets the direction of the page to right-to-left for Arabic', async () => {
    await start();
    await lockAlice();

    expect((await logIn('ar')).body).to.include('<html lang="ar" dir="rtl">');
  });

  it('follows the client in plain text and in problem+json', async () => {
    await start();
    await lockAlice();
    const text = await logIn('nl', 'text/plain');
    const problem = await logIn('fr', 'application/json');

    expect(text.body).to.equal('Te veel mislukte aanmeldpogingen. Probeer het over 15 minuten opnieuw.\n');
    expect(text.headers.get('content-language')).to.equal('nl');
    expect(JSON.parse(problem.body)).to.include({ detail: lockedIn('fr'), code: 'ERR_LOCKOUT_LOCKED' });
    expect(problem.headers.get('content-language')).to.equal('fr');
  });

  it('follows the client in responses of the middleware', async () => {
    await start();
    await lockout.block({ ip: '127.0.0.1' }, { for: { minutes: 15 } });
    const answer = await app.request('/page', { headers: { accept: 'text/html', 'accept-language': 'pl' } });

    expect(answer.body).to.include(lockedIn('pl'));
  });

  it('follows the client in the error and the info that the application receives', async () => {
    await start({ onLocked: 'error' });
    await lockAlice();
    const error = await logIn('it');
    const result = await lockout.protect(
      { username: 'alice', req: { headers: { 'accept-language': 'ja' } } },
      () => true,
    );

    expect(error.body).to.equal(`error: ${lockedIn('it')}`);
    expect(result).to.have.nested.property('locked.message', lockedIn('ja'));
  });

  it('is passed to a page of the application, which sets its own Content-Language', async () => {
    await start({ respondWith: { page: ({ locale, message }) => `${locale}: ${message}` } });
    await lockAlice();
    const answer = await logIn('es');

    expect(answer.body).to.equal(`es: ${lockedIn('es')}`);
    expect(answer.headers.has('content-language')).to.equal(false);
  });

  it('is the same for all clients if the application has a single one', async () => {
    await start({ locale: 'de' });
    await lockAlice();
    const answer = await logIn('fr');

    expect(answer.headers.get('content-language')).to.equal('de');
    expect(answer.headers.get('vary')).to.equal('Origin, Accept');
  });

  it('has a sentence for a lock that only an administrator will lift', async () => {
    await start();
    await lockout.block({ username: 'alice' }, { for: 'forever' });

    expect((await logIn('en', 'text/plain')).body).to.equal(
      'Too many failed logins. Please contact an administrator.\n',
    );
  });

  it('does not distinguish a denied client from a locked one', async () => {
    await start({ deny: { usernames: ['alice'] } });

    expect((await logIn('en', 'text/plain')).body).to.equal('Too many failed logins. Try again later.\n');
  });

  it('follows the client when the store fails', async () => {
    const store = new SlowStore();
    store.failing = { reserve: 'reject' };
    await start({ store });
    const answer = await logIn('ru', 'text/plain');

    expect(answer).to.include({ status: 503, body: `${BUILT_IN_TEXTS['ru']?.storeUnavailable}\n` });
  });

  it("may use the application's words, with every {duration} and {when} replaced, and encoded for the page", async () => {
    await start({
      messages: { en: { locked: 'Stop & wait {duration} / {duration}, <{when}>', title: 'A < B' } },
    });
    await lockAlice();
    const answer = await logIn('en');

    expect(answer.body).to.include(
      '<h1>A &#60; B</h1>\n<p>Stop &#38; wait 15 minutes / 15 minutes, &#60;in 15 minutes&#62;</p>',
    );
  });
});
