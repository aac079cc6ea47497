/** Every example starts in a copy, lets in and locks; what else the large ones do, the deep run looks at. */
import { expect } from 'chai';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { RedisServer } from '../support/servers/redis-server.js';
import { ExampleCopy } from '../support/sites/example-copy.js';
import { ExampleProcess } from '../support/sites/example-process.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly location: string | null;
  readonly cookie: string;
  readonly text: string;
}

describe('The example', () => {
  let copy: ExampleCopy;
  let example: ExampleProcess;
  let url: string;

  async function start(name: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    copy = await ExampleCopy.create(name);
    example = ExampleProcess.start(copy, env);
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  }

  afterEach(async () => {
    await example.stop();
    await copy.remove();
  });

  async function request(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      location: response.headers.get('location'),
      cookie: response.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; '),
      text: await response.text(),
    };
  }

  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const logIn = (username: string, password: string) => post('/login', { username, password });
  const logInByForm = (username: string, password: string, cookie = '') =>
    request('/login', { method: 'POST', headers: { cookie }, body: new URLSearchParams({ username, password }) });
  const basic = (username: string, password: string) =>
    request('/api/me', {
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    });

  async function statuses(count: number, act: (index: number) => Promise<Answer>): Promise<number[]> {
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) found.push((await act(index)).status);
    return found;
  }

  type LogIn = (username: string, password: string) => Promise<Answer>;

  const logInWrongly = (times: number, username: string) =>
    statuses(times, (index) => logIn(username, `wrong ${index}`));

  async function expectLocking(act: LogIn = logIn): Promise<void> {
    expect(await statuses(2, (index) => act('alice', `wrong ${index}`))).to.deep.equal([401, 401]);
    expect(await act('alice', 'wrong')).to.include({ status: 429, retryAfter: '900' });
    expect(await act('alice', 'wonderland')).to.include({ status: 429 });
    expect((await act('bob', 'can we fix it')).status).to.be.within(200, 201);
  }

  for (const name of ['express', 'fastify', 'koa', 'nest', 'jwt', 'behind-nginx', 'alerting']) {
    it(`${name} locks alice, with Retry-After, and lets bob in`, async () => {
      await start(name);

      await expectLocking();
    });
  }

  it('login-page locks alice, with Retry-After, lets bob in, and exits with code 0', async () => {
    await start('login-page');

    await expectLocking(logInByForm);
    expect(await example.stop()).to.equal(0);
  });

  describe('login-page', () => {
    it('lets in the browser that has logged in before while 10,000 addresses guess, and no other', async () => {
      await start('login-page');
      const { cookie } = await logInByForm('alice', 'wonderland');

      const attack = await request('/attack', { method: 'POST', body: new URLSearchParams({ username: 'alice' }) });
      expect(attack).to.include({ status: 303, location: '/attack?username=alice' });
      await example.printed(/username_blocked \{"username":"alice","failures":3,"places":3/);

      expect(await logInByForm('alice', 'wonderland', cookie)).to.include({ status: 200 });
      expect(await logInByForm('alice', 'wonderland')).to.include({ status: 429 });
      const { text } = await request('/attack?username=alice', {});
      expect(text).to.include('The attack is running. alice is locked until');
      expect(text).to.include('<dt>verified</dt><dd>3</dd>');
      expect(text).to.match(/alice logged in from .*, which is known\./);
      expect(await example.stop()).to.equal(0);
    });
  });

  describe('admin', () => {
    const enter = async (username: string, password: string) => (await logInByForm(username, password)).cookie;
    const look = (path: string, cookie: string) => request(`/admin/lockout${path}`, { headers: { cookie } });

    it('shows an operator a day of traffic and the attack, and says where to look', async () => {
      await start('admin');
      const [, username = '', password = ''] = await example.printed(/^ {2}(\w+) \/ (\S+ \S+) +an operator/m);
      await example.printed(new RegExp(`${url}/admin/lockout/$`, 'm'));

      const cookie = await enter(username, password);
      const now = await look('/', cookie);
      expect(now.status).to.equal(200);
      expect(now.text).to.include('Under attack');
      expect((await look('/blocked?q=mallory', cookie)).text).to.include('left the company');
      expect(await example.stop()).to.equal(0);
    });

    it('lets nobody in who is no operator, and locks them out of the login like everybody else', async () => {
      await start('admin');

      expect(await look('/', '')).to.include({ status: 302, location: '/login' });
      expect(await look('/', await enter('alice', 'wonderland'))).to.include({ status: 403 });
      for (const wrong of ['one', 'two', 'three']) await logInByForm('carol', wrong);
      const { location, cookie } = await logInByForm('carol', 'correct horse');
      expect(location).to.equal('/login');
      expect((await request('/login', { headers: { cookie } })).text).to.include('Too many failed logins');
      expect(await example.stop()).to.equal(0);
    });
  });

  for (const name of ['express', 'fastify', 'koa', 'nest', 'jwt', 'behind-nginx']) {
    it(`${name} knows a device by its cookie, where LOCKOUT_SECRET is set`, async () => {
      await start(name, { LOCKOUT_SECRET: 'a secret of at least 32 characters' });
      const { cookie } = await logIn('alice', 'wonderland');
      expect(cookie).to.include('lockout_device=');
      await expectLocking();

      const known = await post('/login', { username: 'alice', password: 'wonderland' }, { cookie });
      expect(known.status).to.be.within(200, 201);
    });
  }

  it('http-basic-api locks alice, with Retry-After, and lets bob in', async () => {
    await start('http-basic-api');

    await expectLocking(basic);
  });

  for (const name of ['mongo', 'mongo-cluster']) {
    describeMongo(name, () => {
      let database: MongoDatabase;
      before(async () => {
        database = await MongoDatabase.create();
      });
      after(() => database.drop());

      it('locks alice, lets bob in, and starts again with her lock and her attempts', async () => {
        await start(name, { MONGODB_URI: database.uri });
        await expectLocking();
        expect(await example.stop()).to.equal(0);
        const attempts = database.connection.collection('lockout_attempts');
        expect(await attempts.countDocuments({ outcome: 'failed' })).to.equal(3);

        await copy.remove();
        await start(name, { MONGODB_URI: database.uri });
        expect(await logIn('alice', 'wonderland')).to.include({ status: 429 });
      });
    });
  }

  describe('redis', () => {
    let server: RedisServer;
    before(async () => {
      server = await RedisServer.start();
    });
    after(() => server.stop());

    it('locks alice, lets bob in, and starts again with her lock and his session', async () => {
      await start('redis', { REDIS_URL: server.url });
      await expectLocking();
      const { cookie } = await logIn('bob', 'can we fix it');
      expect(await example.stop()).to.equal(0);

      await copy.remove();
      await start('redis', { REDIS_URL: server.url });
      expect(await logIn('alice', 'wonderland')).to.include({ status: 429 });
      const me = await request('/me', { headers: { cookie } });
      expect(me).to.include({ status: 200, text: '{"username":"bob"}' });
    });
  });

  describe('session', () => {
    beforeEach(() => start('session'));

    const formOf = async (cookie: string) => (await request('/login', { headers: { cookie } })).text;

    it('redirects to the form, which shows what was wrong and then why the right password is refused', async () => {
      const first = await logInByForm('alice', 'wrong');
      expect(first).to.include({ status: 302, location: '/login', retryAfter: null });
      expect(await formOf(first.cookie)).to.include('<p role="alert">Wrong username or password.</p>');
      expect(await formOf(first.cookie)).to.include('<p role="alert"></p>');

      await logInByForm('alice', 'wrong', first.cookie);
      const third = await logInByForm('alice', 'wrong', first.cookie);
      expect(third).to.include({ status: 302, location: '/login', retryAfter: '900' });
      expect(await formOf(first.cookie)).to.include('15 minutes');

      expect(await logInByForm('alice', 'wonderland', first.cookie)).to.include({ status: 302, location: '/login' });
      expect(await formOf(first.cookie)).to.match(/in 1\d minutes/);
    });

    it('stays logged in after the right password until the logout', async () => {
      const { cookie, location } = await logInByForm('alice', 'wonderland');

      expect(location).to.equal('/');
      expect(await request('/', { headers: { cookie } })).to.include({ status: 200 });
      const logout = await request('/logout', { method: 'POST', headers: { cookie } });
      expect(logout).to.include({ status: 302, location: '/login' });
      expect(await request('/', { headers: { cookie } })).to.include({ status: 302, location: '/login' });
    });
  });

  it('jwt issues a token that the API accepts, and rejects a made-up one', async () => {
    await start('jwt');
    const { token } = JSON.parse((await logIn('alice', 'wonderland')).text);

    const me = (given: string) => request('/me', { headers: { authorization: `Bearer ${given}` } });
    expect(await me(token)).to.include({ status: 200, text: '{"username":"alice"}' });
    expect(await me(`${token.slice(0, -8)}AAAAAAAA`)).to.include({ status: 401 });
  });

  it('behind-nginx locks the address that nginx sends, and no other', async () => {
    await start('behind-nginx');
    const logInFrom = (address: string, username: string, password: string) =>
      post('/login', { username, password }, { 'x-forwarded-for': address });

    const answers = await statuses(30, (index) => logInFrom('203.0.113.9', `user${index}`, 'wrong'));

    expect(answers).to.deep.equal([...Array(29).fill(401), 429]);
    expect(await logInFrom('203.0.113.9', 'alice', 'wonderland')).to.include({ status: 429 });
    const other = await logInFrom('198.51.100.7', 'alice', 'wonderland');
    expect(other).to.include({ status: 200, text: '{"welcome":"alice","from":"198.51.100.7"}' });
    await example.printed(/^locked: 203\.0\.113\.9$/m);
  });

  describe('metrics', () => {
    it('locks alice, and shows it in the metrics and in the log', async () => {
      await start('metrics', { METRICS_PORT: '0' });
      const [, metrics = ''] = await example.printed(/^Metrics: (http:\S+)$/m);

      await expectLocking();

      const text = await (await fetch(metrics)).text();
      expect(text).to.include('lockout_locks_total{lockout="default",dimension="username",cause="tier",tier="0"} 1\n');
      expect(text).to.include('process_cpu_user_seconds_total');
      expect(text).not.to.include('alice').and.not.include('127.0.0.1');
      await example.printed(
        /^passport-lockout: username_blocked ip=127\.0\.0\.1 .* failures="3 of 3" .* username="alice"$/m,
      );
    });
  });

  describe('alerting', () => {
    it('mails the first lock at once and collects those that follow', async () => {
      await start('alerting', { ALERT_SECONDS: '1' });
      for (const name of ['alice', 'bob', 'carol']) await logInWrongly(3, name);

      const [, first = ''] = await example.printed(/^mail: (.*alice.*)$/m);
      await example.printed(/^mail: .*carol.*$/m);

      expect(JSON.parse(first)).to.include({ subject: 'Alerts about logins: 1' });
      expect(JSON.parse(first).text).to.match(/^username=alice: 3 failures, 1 places, until \d{4}-\S+Z$/);
      expect(example.output.match(/username=(alice|bob|carol): /g)).to.have.length(3);
    });

    it('mails the owner about the first login on a device, and operators about a spray and an attack', async () => {
      await start('alerting', { ALERT_SECONDS: '1', LOCKOUT_SECRET: 'a secret of at least 32 characters' });
      const { cookie } = await logIn('alice', 'wonderland');
      await post('/login', { username: 'alice', password: 'wonderland' }, { cookie });
      await logIn('bob', 'can we fix it');
      await statuses(20, (index) => logIn(`employee${index}`, 'Spring2026!'));

      await example.printed(/^mail: .*bob@app\.example.*New device/m);
      expect(example.output.match(/^mail: .*alice@app\.example/gm)).to.have.length(1);
      await example.printed(/^mail: .*ip=127\.0\.0\.1: 10 usernames failed there/m);
      await example.printed(/^mail: .*attack: 20 failures an hour, not 0/m);
    });

    it('lets logins continue while no mail can be sent', async () => {
      await start('alerting', { SMTP_URL: 'smtp://127.0.0.1:1' });

      await expectLocking();
      await example.printed(/mail could not be sent: Error: connect ECONNREFUSED/);
    });
  });

  describe('password-reset-and-otp', () => {
    beforeEach(() => start('password-reset-and-otp'));

    const reset = (username: string, code: string) => post('/reset', { username, code, password: 'looking-glass' });
    const codeNow = () => /one-time password is now (\d{6})/.exec(example.output)?.[1];

    it('shares one budget between login and password reset', async () => {
      expect(await logInWrongly(2, 'alice')).to.deep.equal([401, 401]);
      expect(await reset('alice', 'x')).to.include({ status: 429, retryAfter: '900' });
      expect(await logIn('alice', 'wonderland')).to.include({ status: 429 });
      expect(await reset('alice', '7F3K-99QX')).to.include({ status: 429 });
    });

    it('accepts the reset code, and has none for an unknown user', async () => {
      expect(await reset('alice', '7F3K-99QX')).to.include({ status: 200 });
      expect(await reset('nobody', '')).to.include({ status: 401 });
      expect(await reset('nobody', '\0')).to.include({ status: 401 });
    });

    it('knows the browser after a reset, and only that one, while strangers keep the name locked', async () => {
      const half = await logIn('alice', 'wonderland');
      const old = await post('/code', { code: codeNow() }, { cookie: half.cookie });
      expect(old.cookie).to.include('lockout_device=');
      const { cookie } = await reset('alice', '7F3K-99QX');
      expect(await logInWrongly(3, 'alice')).to.deep.equal([401, 401, 429]);

      const known = await post('/login', { username: 'alice', password: 'looking-glass' }, { cookie });
      expect(known).to.include({ status: 200 });
      const revoked = await post('/login', { username: 'alice', password: 'looking-glass' }, { cookie: old.cookie });
      expect(revoked).to.include({ status: 429 });
    });

    it('lets the owner free the account once by a link', async () => {
      expect(await logInWrongly(3, 'alice')).to.deep.equal([401, 401, 429]);
      const [, link = ''] = await example.printed(/^mail to the owner of "alice": POST (\/unlock\?token=\S+)$/m);

      expect(await post(`${link}x`, {})).to.include({ status: 410 });
      const { status, cookie } = await post(link, {});
      expect(status).to.equal(200);
      expect(await logIn('alice', 'wonderland')).to.include({ status: 200 });
      expect(await post(link, {})).to.include({ status: 410 });

      expect(await logInWrongly(3, 'alice')).to.deep.equal([401, 401, 429]);
      const known = await post('/login', { username: 'alice', password: 'wonderland' }, { cookie });
      expect(known).to.include({ status: 200 });
    });

    it('locks the second factor even if the right password comes between the guesses', async () => {
      const guess = async () => {
        const { cookie } = await logIn('alice', 'wonderland');
        return post('/code', { code: '000000' }, { cookie });
      };
      expect(await statuses(3, guess)).to.deep.equal([401, 401, 429]);
      const { cookie } = await logIn('alice', 'wonderland');
      const locked = await post('/code', { code: codeNow() }, { cookie });
      expect(locked.status).to.equal(429);
      // By the real clock: some minutes for a machine that is busy.
      expect(Number(locked.retryAfter)).to.be.within(600, 900);
    });

    it('accepts the right code after the password, and not before', async () => {
      const code = codeNow();
      expect(await post('/code', { code })).to.include({ status: 401 });

      const { cookie } = await logIn('alice', 'wonderland');
      expect(await post('/code', { code }, { cookie })).to.include({ status: 200 });
    });
  });
});
