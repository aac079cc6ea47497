/** Node's own server, with Passport's middleware called by hand. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import session from 'express-session';
import { Passport } from 'passport';
import { trustedProxies } from '../../lib/index.js';
import { Driver, describeFramework, guarded, listen, readJson, type StartFramework, type User } from './contract.js';

type Middleware = (req: never, res: never, next: (error?: unknown) => void) => void;
type Request = IncomingMessage & { user?: User; body?: unknown; res?: ServerResponse };

/** Resolves when the middleware goes on; never when it answers. */
function run(middleware: Middleware, req: IncomingMessage, res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    middleware(req as never, res as never, (error) => (error ? reject(error) : resolve()));
  });
}

const startHttp =
  ({ showsResponse }: { readonly showsResponse: boolean }): StartFramework =>
  async (lockout, check) => {
    const passport = new Passport();
    passport.use(guarded(lockout, check));
    passport.serializeUser((user, done) => done(null, (user as User).username));
    passport.deserializeUser((username: string, done) => done(null, { username }));
    const sessions = session({ secret: 'x', resave: false, saveUninitialized: false });

    const answer = async (req: Request, res: ServerResponse): Promise<void> => {
      if (showsResponse) req.res = res;
      await run(sessions, req, res);
      await run(passport.session(), req, res);
      if (req.url === '/login') {
        req.body = await readJson(req);
        await run(passport.authenticate('local'), req, res);
      }
      res.statusCode = req.user ? 200 : 401;
      res.end(req.user?.username);
    };
    const listener: RequestListener = (req, res) => {
      answer(req, res).catch((error: { status?: number; message: string; headers?: Record<string, string> }) => {
        res.writeHead(error.status ?? 500, error.headers).end(error.message);
      });
    };
    return listen(createServer(listener));
  };

describeFramework('node:http with req.res', { start: startHttp({ showsResponse: true }), hasResponse: true });
describeFramework('node:http', { start: startHttp({ showsResponse: false }), hasResponse: false });

describe('node:http behind Lockout.middleware()', () => {
  it('refuses a locked address before any route', async () => {
    const driver = new Driver();
    await driver.start(async (lockout) => {
      const middleware = lockout.middleware();
      return listen(createServer((req, res) => middleware(req, res, () => res.end('page'))));
    });
    expect(await driver.me('')).to.equal('page');
    await driver.lockout.block({ ip: '127.0.0.1' }, { for: { hours: 1 } });
    expect(await driver.me('')).to.equal('429');
    await driver.close();
  });
});

describe('node:http behind proxies', () => {
  const start = startHttp({ showsResponse: true });
  let driver: Driver;
  afterEach(() => driver.close());

  it('counts the address seen by the nearest untrusted hop, whatever the client writes before it', async () => {
    driver = await new Driver({ clientIp: trustedProxies(['loopback', '10.0.0.0/8']) }).start(start);
    for (const [index, username] of ['alice', 'bob', 'carol'].entries()) {
      const header = `198.51.100.${index}, 203.0.113.9:5123, 10.0.0.7`;
      await driver.logIn(username, 'wrong', { 'x-forwarded-for': header });
    }

    expect(await driver.lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 3 });
    expect((await driver.lockout.list({ locked: false, dimension: 'ip' })).items).to.have.length(1);
  });

  it('ignores the header of a connection that is not a trusted proxy', async () => {
    driver = await new Driver({ clientIp: trustedProxies(['10.0.0.0/8']) }).start(start);
    await driver.logIn('alice', 'wrong', { 'x-forwarded-for': '203.0.113.9' });

    expect(await driver.lockout.status({ ip: '127.0.0.1' })).to.include({ failures: 1 });
  });
});
