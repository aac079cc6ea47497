/** The code of docs/special-cases.md, taken from the page, does what the page says. */
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from '@typescript/typescript6';
import { expect } from 'chai';
import { Lockout, MemoryStore, type StrategyLike } from 'passport-lockout';
import { SECRET } from '../support/fixtures/secret.js';
import { drive } from '../support/sites/drive.js';
import { pathOfBlock, writeBlocks } from '../support/tools/compile-blocks.js';
import { readPage } from '../support/tools/documentation.js';
import { codeBlocks } from '../support/tools/markdown.js';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { until } from '../support/tools/until.js';

const PAGE = 'docs/special-cases.md';
const FOLDER = join(REPOSITORY, '.build', 'special-cases');
const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
const FROM = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, method: 'POST', ip: '203.0.113.9' };

const { text } = readPage(PAGE);
const blocks = codeBlocks(text, 'ts').map((block) => [pathOfBlock('page', 'ts', block), block.code] as const);

/** Imports a block by the name in its first line. */
async function imported<Exports>(name: string): Promise<Exports> {
  return (await import(pathToFileURL(join(FOLDER, 'page', 'esm', `${name}.js`)).href)) as Exports;
}

/** What one request ends with: the action and its first argument. */
async function ended(strategy: StrategyLike, request: object): Promise<readonly unknown[]> {
  const { actions } = drive(strategy, request);
  await until(() => actions.length > 0);
  return actions[0] ?? [];
}

describe(PAGE, () => {
  const servers: Server[] = [];

  const listen = async (listener: RequestListener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  before(() => {
    const files = blocks.map(
      ([path, code]) => [path.replace(/\.ts$/, '.js'), ts.transpile(code, compilerOptions)] as const,
    );
    writeBlocks(FOLDER, new Map(files));
  });

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  it('names each of its blocks, so that this spec can run it', () => {
    expect(blocks.map(([path]) => path).filter((path) => path.includes('line-'))).to.deep.equal([]);
  });

  describe('A code in the second request', () => {
    it('counts wrong passwords and wrong codes, but not the question for a code', async () => {
      const { login, lockout } = await imported<{ login: StrategyLike; lockout: Lockout }>('totp-required');
      const send = (body: object) => ended(login, { ...FROM, body: { username: 'alice', ...body } });
      const failures = async () => (await lockout.status({ username: 'alice' })).failures;

      for (let time = 0; time < 5; time += 1) {
        const [action, info] = await send({ password: 'wonderland' });
        expect([action, (info as { message: string }).message]).to.deep.equal(['fail', 'totp-required']);
      }
      expect(await failures()).to.equal(0);
      await send({ password: 'wrong' });
      await send({ password: 'wonderland', code: '000000' });
      expect(await failures()).to.equal(2);
      await send({ password: 'wonderland' });
      expect(await failures()).to.equal(2);
      expect((await send({ password: 'wonderland', code: '294017' }))[0]).to.equal('success');
    });
  });

  describe('An expired token that polls', () => {
    it('is never locked, while tokens that were never issued are', async () => {
      const { bearer, lockout } = await imported<{ bearer: StrategyLike; lockout: Lockout }>('expired-token');
      const send = (token: string) => ended(bearer, { ...FROM, headers: { authorization: `Bearer ${token}` } });
      const failures = async () => (await lockout.status({ ip: FROM.ip })).failures;

      for (let time = 0; time < 40; time += 1) await send('old');
      expect(await failures()).to.equal(0);
      expect((await send('fresh'))[0]).to.equal('success');
      await send('guessed');
      expect(await failures()).to.equal(1);
    });
  });

  describe('Passkeys beside passwords', () => {
    it('lets the browser of a passkey in by password while the name is locked', async () => {
      type Exports = { lockout: Lockout; afterPasskey: (req: object, res: object) => Promise<void> };
      process.env['LOCKOUT_SECRET'] = SECRET;
      const { lockout, afterPasskey } = await imported<Exports>('passkey');
      delete process.env['LOCKOUT_SECRET'];
      lockout.on('warning', () => {});
      const url = await listen((req, res) => {
        const response = Object.assign(res, { json: (value: unknown) => res.end(JSON.stringify(value)) });
        void afterPasskey(Object.assign(req, { user: { username: 'alice' }, res }), response);
      });
      const cookie = (await fetch(url)).headers.getSetCookie()[0]?.split(';')[0] ?? '';
      for (const guess of ['a', 'b', 'c']) await lockout.protect({ username: 'alice' }, () => guess === 'right');

      const logIn = (headers: Record<string, string>) =>
        lockout.protect({ username: 'alice', req: { headers } }, () => true);
      expect((await logIn({})).outcome).to.equal('refused');
      expect((await logIn({ cookie })).outcome).to.equal('succeeded');
    });
  });

  describe('Usernames that are exact', () => {
    it('counts each spelling on its own', async () => {
      const { lockout } = await imported<{ lockout: Lockout }>('exact-names');
      lockout.on('warning', () => {});
      for (let time = 0; time < 3; time += 1) await lockout.protect({ username: 'José' }, () => false);

      const isLocked = async (username: string) => (await lockout.status({ username })).locked;
      expect(await isLocked('José')).to.equal(true);
      expect(await isLocked('jose')).to.equal(false);
      expect(await isLocked('JOSÉ')).to.equal(false);
    });
  });

  describe('Flash messages with `msg`', () => {
    it('says why in `msg`, for a wrong password and for a lock', async () => {
      type Login = (req: object, res: object, next: (error: unknown) => void) => void;
      const { login } = await imported<{ login: Login }>('msg-flash');
      const flashes: unknown[][] = [];
      const send = () =>
        new Promise((resolve, reject) => {
          const req = {
            ...FROM,
            body: { username: 'alice', password: 'wrong' },
            flash: (...flash: unknown[]) => flashes.push(flash),
          };
          login(req, { redirect: resolve, setHeader: () => {} }, reject);
        });

      for (let time = 0; time < 3; time += 1) expect(await send()).to.equal('/login');

      expect(flashes[0]).to.deep.equal(['errors', { msg: 'Wrong username or password.' }]);
      expect(flashes[2]).to.deep.equal(['errors', { msg: 'Too many failed logins. Try again in 15 minutes.' }]);
    });
  });

  describe('A single-page application', () => {
    it('shows each answer, and refuses logins from other sites', async () => {
      const { app } = await imported<{ app: RequestListener }>('spa-server');
      const { logIn } = await imported<{ logIn: (...args: string[]) => Promise<string> }>('spa-page');
      const url = `${await listen(app)}/login`;

      expect(await logIn('alice', 'wonderland', url)).to.equal('Welcome');
      const shown: string[] = [];
      for (const guess of ['a', 'b', 'c']) shown.push(await logIn('alice', guess, url));
      expect(shown).to.deep.equal([
        'Wrong username or password.',
        'Wrong username or password.',
        'Locked. Try again in 900 seconds.',
      ]);
      const elsewhere = await fetch(url, { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } });
      expect(elsewhere.status).to.equal(403);
    });
  });

  describe('A health check', () => {
    it('is answered while its address is locked', async () => {
      const { app, lockout } = await imported<{ app: RequestListener; lockout: Lockout }>('health');
      const url = await listen(app);
      await lockout.block({ ip: '127.0.0.1' }, { for: '1h' });

      expect((await fetch(url)).status).to.be.oneOf([403, 429]);
      expect((await fetch(`${url}/health`)).status).to.equal(200);
    });
  });

  describe('Serverless', () => {
    it('has written its entry when it answers, and says when to try again', async () => {
      type Handler = (request: Request, ip: string) => Promise<Response>;
      const { createLogin } = await imported<{ createLogin: (store: object) => Handler }>('serverless');
      const store = new MemoryStore();
      const handler = createLogin(store);
      const send = (password: string) => {
        const body = JSON.stringify({ username: 'alice', password });
        return handler(new Request('https://app.example/login', { method: 'POST', body }), FROM.ip);
      };

      expect((await send('wonderland')).status).to.equal(200);
      expect((await send('a')).status).to.equal(401);
      expect((await new Lockout({ store }).attempts()).items.map(({ outcome }) => outcome)).to.deep.equal([
        'failed',
        'succeeded',
      ]);
      await send('b');
      const third = await send('c');
      expect([third.status, third.headers.get('retry-after')]).to.deep.equal([429, '900']);
    });
  });

  describe('An administrator who is locked out', () => {
    it('gets in from the network of the operators, and from no other', async () => {
      const { lockout } = await imported<{ lockout: Lockout }>('admin-network');
      await lockout.block({ username: 'admin' }, { for: '1h' });

      const from = async (ip: string) => (await lockout.protect({ username: 'admin', ip }, () => true)).outcome;
      expect(await from('203.0.113.9')).to.equal('refused');
      expect(await from('198.51.100.7')).to.equal('succeeded');
    });
  });

  describe('A container without dev dependencies', () => {
    it('names the file of the command that the package declares', () => {
      const { bin } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));

      expect(text).to.include(bin['passport-lockout'].replace('./', 'node node_modules/passport-lockout/'));
    });
  });
});
