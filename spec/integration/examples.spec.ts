/** Every example starts, lets in and locks; what else those on Express and MongoDB do, the deep run looks at. */
import { expect } from 'chai';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { ExampleProcess } from '../support/sites/example-process.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly cookie: string;
}

describe('the example', () => {
  let example: ExampleProcess;
  let url: string;

  async function start(name: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
    example = ExampleProcess.start(`${name}/server.js`, env);
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  }

  async function request(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}${path}`, init);
    await response.arrayBuffer();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
    };
  }

  const post = (path: string, body: object, cookie = '') =>
    request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const logIn = (username: string, password: string) => post('/login', { username, password });
  const basic = (username: string, password: string) =>
    request('/api/me', {
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    });

  async function statuses(count: number, act: () => Promise<Answer>): Promise<number[]> {
    const found: number[] = [];
    for (let index = 0; index < count; index += 1) found.push((await act()).status);
    return found;
  }

  afterEach(async () => {
    expect(await example.stop()).to.equal(0);
  });

  for (const name of ['fastify', 'koa', 'nest']) {
    it(`${name} locks alice, with Retry-After, and lets bob in`, async () => {
      await start(name);

      expect(await statuses(2, () => logIn('alice', 'wrong'))).to.deep.equal([401, 401]);
      expect(await logIn('alice', 'wrong')).to.include({ status: 429, retryAfter: '900' });
      expect(await logIn('alice', 'wonderland')).to.include({ status: 429 });
      expect((await logIn('bob', 'can we fix it')).status).to.be.within(200, 201);
    });
  }

  const logInByForm = (username: string, password: string) =>
    request('/login', { method: 'POST', body: new URLSearchParams({ username, password }) });

  it('express locks alice, with Retry-After, and lets bob in', async () => {
    await start('express');

    expect(await statuses(2, () => logInByForm('alice', 'wrong'))).to.deep.equal([401, 401]);
    expect(await logInByForm('alice', 'wrong')).to.include({ status: 429, retryAfter: '900' });
    expect(await logInByForm('alice', 'wonderland')).to.include({ status: 429 });
    expect(await logInByForm('bob', 'can we fix it')).to.include({ status: 200 });
  });

  describeMongo('mongo', () => {
    let database: MongoDatabase;
    before(async () => {
      database = await MongoDatabase.create();
    });
    after(() => database.drop());

    it('locks alice, with Retry-After, and lets bob in', async () => {
      await start('mongo', { MONGODB_URI: database.uri });

      expect(await statuses(2, () => logInByForm('alice', 'wrong'))).to.deep.equal([401, 401]);
      expect(await logInByForm('alice', 'wrong')).to.include({ status: 429, retryAfter: '900' });
      expect(await logInByForm('alice', 'wonderland')).to.include({ status: 429 });
      expect(await logInByForm('bob', 'can we fix it')).to.include({ status: 200 });
    });
  });

  it('http-basic-api locks alice, with Retry-After, and lets bob in', async () => {
    await start('http-basic-api');

    expect(await statuses(3, () => basic('alice', 'wrong'))).to.deep.equal([401, 401, 429]);
    expect(await basic('alice', 'wonderland')).to.include({ status: 429 });
    expect(await basic('bob', 'can we fix it')).to.include({ status: 200 });
  });

  it('alerting tells the first lock at once and gathers those that follow', async () => {
    await start('alerting', { ALERT_SECONDS: '1', WEBHOOK_URL: '' });
    for (const name of ['alice', 'bob', 'carol']) await statuses(3, () => logIn(name, 'wrong'));

    const [, first = ''] = await example.printed(/^webhook: (.*alice.*)$/m);
    const [, second = ''] = await example.printed(/^webhook: (.*carol.*)$/m);

    const subjectsOf = (alert: string) => JSON.parse(alert).locks.map(({ subject }: { subject: string }) => subject);
    expect(subjectsOf(first)).to.deep.equal(['username=alice']);
    expect(JSON.parse(first)).to.include({ text: 'Locked: username=alice', more: 0 });
    expect(subjectsOf(second)).to.include('username=carol');
    expect(example.output.match(/"username=(alice|bob|carol)"/g)).to.have.length(3);
  });

  it('alerting lets logins go on where the webhook fails', async () => {
    await start('alerting', { WEBHOOK_URL: 'http://127.0.0.1:1' });
    expect(await statuses(3, () => logIn('alice', 'wrong'))).to.deep.equal([401, 401, 429]);
    expect((await logIn('bob', 'can we fix it')).status).to.equal(200);
  });

  describe('password-reset-and-otp', () => {
    beforeEach(() => start('password-reset-and-otp'));

    it('has one budget for form, API and password reset', async () => {
      expect(await logIn('alice', 'wrong')).to.include({ status: 401 });
      expect(await basic('alice', 'wrong')).to.include({ status: 401 });
      expect(await post('/reset', { username: 'alice', code: 'x' })).to.include({ status: 429, retryAfter: '900' });
      expect(await logIn('alice', 'wonderland')).to.include({ status: 429 });
      expect(await post('/reset', { username: 'alice', code: '7F3K-99QX' })).to.include({ status: 429 });
    });

    it('lets the owner free his account by a link, once', async () => {
      expect(await statuses(3, () => logIn('alice', 'wrong'))).to.deep.equal([401, 401, 429]);
      const [, link = ''] = await example.printed(/^mail to "alice": POST (\/unlock\?token=\S+)$/m);

      expect(await post(`${link}x`, {})).to.include({ status: 410 });
      expect(await post(link, {})).to.include({ status: 200 });
      expect(await logIn('alice', 'wonderland')).to.include({ status: 200 });
      expect(await post(link, {})).to.include({ status: 410 });
    });

    it('locks the second factor, though the right password comes between the guesses', async () => {
      const guess = async () => {
        const { cookie } = await logIn('alice', 'wonderland');
        expect(await basic('alice', 'wonderland')).to.include({ status: 200 });
        return post('/code', { code: '000000' }, cookie);
      };
      expect(await statuses(3, guess)).to.deep.equal([401, 401, 429]);
      const locked = await logIn('alice', 'wonderland');
      expect(locked.status).to.equal(429);
      // By the real clock: some minutes for a machine that is busy.
      expect(Number(locked.retryAfter)).to.be.within(600, 900);
      expect(await basic('alice', 'wonderland')).to.include({ status: 429 });
    });

    it('lets in with the right code, and records the logout', async () => {
      const { cookie } = await logIn('alice', 'wonderland');
      const code = /one-time password is now (\d{6})/.exec(example.output)?.[1];

      expect(await post('/code', { code }, cookie)).to.include({ status: 200 });
      expect(await post('/logout', {}, cookie)).to.include({ status: 204 });
      expect(await post('/code', { code }, cookie)).to.include({ status: 401 });
    });
  });
});
