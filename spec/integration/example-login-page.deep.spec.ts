/** The example that `npm start` runs, over HTTP. */
import { expect } from 'chai';
import { ExampleCopy } from '../support/sites/example-copy.js';
import { ExampleProcess } from '../support/sites/example-process.js';

interface Page {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly html: string;
}

describe('examples/login-page', () => {
  let copy: ExampleCopy;
  let example: ExampleProcess;
  let url: string;

  before(async () => {
    copy = await ExampleCopy.create('login-page');
  });
  after(() => copy.remove());

  beforeEach(async () => {
    example = ExampleProcess.start(copy);
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  });

  afterEach(async () => {
    await example.stop('SIGKILL');
  });

  async function logIn(username: string, password: string): Promise<Page> {
    const response = await fetch(`${url}/login`, { method: 'POST', body: new URLSearchParams({ username, password }) });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      html: await response.text(),
    };
  }

  async function lockAlice(): Promise<Page> {
    await logIn('alice', 'wrong 1');
    await logIn('alice', 'wrong 2');
    return logIn('alice', 'wrong 3');
  }

  it('shows a form that needs no script, and the policy', async () => {
    const html = await (await fetch(url)).text();

    expect(html).to.include('<form method="post" action="/login">').and.not.include('<script');
    expect(html).to.include('3 failures: 15 minutes').and.include('10 failures: 1 day');
  });

  it('prints users and a curl line that can be pasted', () => {
    expect(example.output).to.include('alice / wonderland');
    expect(example.output).to.include(`-d "username=alice&password=wrong$try" ${url}/login`);
  });

  it('X45 prints that a right password is refused while alice is locked, and says so in the language of the page', async () => {
    await lockAlice();
    expect(example.output).to.include(`-d 'username=alice&password=wonderland' ${url}/login`);

    const body = new URLSearchParams({ username: 'alice', password: 'wonderland' });
    const german = await fetch(`${url}/login`, { method: 'POST', headers: { 'accept-language': 'de' }, body });
    const html = await german.text();

    expect(html).to.include('<html lang="de">');
    expect(html).to.match(/Bitte versuchen Sie es in 1\d Minuten noch einmal\./);
    for (const word of ['Login', 'Trying', 'Back', 'failures']) expect(html).not.to.include(word);
  });

  it('welcomes a user with the right password and prints attempt_succeeded', async () => {
    const page = await logIn('alice', 'wonderland');

    expect(page.status).to.equal(200);
    expect(page.html).to.include('Welcome, alice');
    await example.printed(/attempt_succeeded \{"username":"alice"/);
  });

  it('answers two wrong passwords with 401 and the third with 429 and Retry-After 900', async () => {
    const pages = [await logIn('alice', 'wrong 1'), await logIn('alice', 'wrong 2'), await logIn('alice', 'wrong 3')];

    expect(pages.map(({ status }) => status)).to.deep.equal([401, 401, 429]);
    expect(pages.map(({ retryAfter }) => retryAfter)).to.deep.equal([null, null, '900']);
    expect(pages[0]?.html).to.include('User name or password is wrong.');
    expect(pages[2]?.html).to.include('Login refused').and.include('15 minutes');
  });

  it('prints a line for each failure and one for the lock', async () => {
    await lockAlice();

    await example.printed(/username_blocked \{"username":"alice","failures":3,/);
    expect(example.output.match(/attempt_failed \{"username":"alice"/g)).to.have.length(3);
    expect(example.output).to.not.include('ip_blocked');
  });

  it('refuses the right password while locked, with the time left', async () => {
    await lockAlice();

    const page = await logIn('alice', 'wonderland');

    expect(page.status).to.equal(429);
    expect(Number(page.retryAfter)).to.be.within(600, 900);
    expect(page.html).to.not.include('Welcome');
    await example.printed(/attempt_refused \{"username":"alice".*"reason":"locked","refusedBy":"username"/);
  });

  it('lets another user in while the first is locked', async () => {
    await lockAlice();

    expect(await logIn('bob', 'can we fix it')).to.have.property('status', 200);
  });

  it('treats an unknown user like a known one', async () => {
    const known = [await logIn('alice', 'wrong 1'), await logIn('alice', 'wrong 2'), await logIn('alice', 'wrong 3')];
    const unknown = [await logIn('carol', 'wrong 1'), await logIn('carol', 'wrong 2'), await logIn('carol', 'wrong 3')];

    const renamed = unknown.map((page) => ({ ...page, html: page.html.replaceAll('carol', 'alice') }));
    expect(renamed).to.deep.equal(known);
  });

  it('counts the same wrong password once, and says so', async () => {
    const pages = [await logIn('alice', 'wrong'), await logIn('alice', 'wrong'), await logIn('alice', 'wrong')];

    expect(pages.map(({ status }) => status)).to.deep.equal([401, 401, 401]);
    expect(pages[0]?.html).to.include('The same wrong password, sent again, is counted only once.');
    await example.printed(/attempt_failed .*"failures":\{"username":1,.*"repeated":true/);
  });

  it('prints that its secret is a random one, unless LOCKOUT_SECRET is set', async () => {
    expect(example.output).to.include('LOCKOUT_SECRET is not set');

    await example.stop();
    example = ExampleProcess.start(copy, { LOCKOUT_SECRET: 'a secret of at least 32 characters' });
    await example.printed(/listens on/);
    expect(example.output).not.to.include('LOCKOUT_SECRET');
  });

  it('verifies three of the guesses of 10,000 addresses, reports the attack, and prints one line about it', async () => {
    await fetch(`${url}/attack`, { method: 'POST', body: new URLSearchParams({ username: 'alice' }) });
    await example.printed(/\[attack\] 10000 guesses at alice: 3 verified, 9997 refused/);

    const page = await (await fetch(`${url}/attack?username=alice`, { headers: { 'accept-language': 'de' } })).text();
    expect(page).to.include('Der Angriff ist vorbei. alice ist bis').and.include('9.997');
    for (const event of ['blocked', 'spray_detected', 'attack_suspected']) expect(page).to.include(`<code>${event}<`);
    expect(example.output).to.not.match(/attempt_refused .*"198\./);
    expect((await logIn('bob', 'can we fix it')).status).to.equal(200);
  });

  it('does not count a form without a password', async () => {
    const page = await logIn('alice', '');

    expect(page.status).to.equal(400);
    expect((await logIn('alice', 'wrong')).status).to.equal(401);
    await example.printed(/attempt_failed .*"failures":\{"username":1,/);
  });

  it('escapes a user name in the page and in the console line', async () => {
    const page = await logIn('"><script>alert(1)</script>\n[lockout] forged', 'wrong');

    expect(page.status).to.equal(401);
    expect(page.html).to.not.include('<script').and.not.include('value=""');
    expect(page.html).to.include('&#34;&#62;&#60;script&#62;');
    await example.printed(/attempt_failed /);
    expect(example.output).to.not.match(/^\[lockout\] forged/m);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`exits with code 0 on ${signal}`, async () => {
      await logIn('alice', 'wrong');

      expect(await example.stop(signal)).to.equal(0);
    });
  }
});
