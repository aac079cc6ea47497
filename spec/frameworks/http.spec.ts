/** Node's own server, with Passport's middleware called by hand. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { expect } from 'chai';
import session from 'express-session';
import { Passport } from 'passport';
import { type Lockout, trustedProxies } from '../../lib/index.js';
import { Driver, describeFramework, guarded, listen, readJson, type StartFramework, type User } from './contract.js';
import { describeDevicesBehindMiddleware, describeKnownDevices, type StartByWay, type Way } from './known-devices.js';

type Middleware = (req: never, res: never, next: (error?: unknown) => void) => void;
type Request = IncomingMessage & {
  user?: User;
  body?: unknown;
  res?: ServerResponse;
  logIn?(user: User, done: () => void): void;
};

function redirect(res: ServerResponse, url: string): void {
  res.statusCode = 302;
  res.setHeader('location', url);
  res.end();
}

/** As an application does whose requests do not show the response: right before the headers are sent. */
function setDeviceCookieAtLast(lockout: Lockout, req: Request, res: ServerResponse): void {
  const { writeHead } = res;
  res.writeHead = (...args: unknown[]) => {
    const cookie = lockout.deviceCookie(req);
    if (cookie !== undefined) res.appendHeader('set-cookie', cookie);
    return Reflect.apply(writeHead, res, args) as ServerResponse;
  };
}

/** Resolves when the middleware goes on; never when it answers. */
function run(middleware: Middleware, req: IncomingMessage, res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    middleware(req as never, res as never, (error) => (error ? reject(error) : resolve()));
  });
}

/** Calls Passport and goes on, or answers. */
type LogIn = (passport: InstanceType<typeof Passport>, req: Request, res: ServerResponse) => Promise<void>;

const customCallback: LogIn = (passport, req, res) =>
  new Promise((resolve, reject) => {
    const answer = (error: unknown, user: User | false, _info: unknown, status = 401) => {
      if (error) reject(error);
      else if (user) req.logIn?.(user, resolve);
      else res.writeHead(status).end();
    };
    passport.authenticate('local', answer)(req as never, res as never, reject);
  });

const LOGINS: Readonly<Record<Way, LogIn>> = {
  'with a session': (passport, req, res) => run(passport.authenticate('local'), req, res),
  'without a session': (passport, req, res) => run(passport.authenticate('local', { session: false }), req, res),
  'with a custom callback': customCallback,
  'with successRedirect': (passport, req, res) =>
    run(passport.authenticate('local', { successRedirect: '/me' }), req, res),
};

interface HttpOptions {
  /** Whether `req.res` is set. */
  readonly showsResponse: boolean;
  readonly before?: (lockout: Lockout) => Middleware;
}

const startByWay =
  ({ showsResponse, before }: HttpOptions): StartByWay =>
  async (lockout, check, way) => {
    const passport = new Passport();
    passport.use(guarded(lockout, check));
    passport.serializeUser((user, done) => done(null, (user as User).username));
    passport.deserializeUser((username: string, done) => done(null, { username }));
    const sessions = session({ secret: 'x', resave: false, saveUninitialized: false });

    const first = before?.(lockout);
    const answer = async (req: Request, res: ServerResponse): Promise<void> => {
      if (showsResponse) req.res = res;
      else setDeviceCookieAtLast(lockout, req, res);
      // Passport takes it from the framework.
      Object.assign(res, { redirect: (url: string) => redirect(res, url) });
      if (first) await run(first, req, res);
      await run(sessions, req, res);
      await run(passport.session(), req, res);
      if (req.url === '/login') {
        req.body = await readJson(req);
        await LOGINS[way](passport, req, res);
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

const startHttp =
  (options: HttpOptions): StartFramework =>
  (lockout, check) =>
    startByWay(options)(lockout, check, 'with a session');

describeFramework('node:http with req.res', { start: startHttp({ showsResponse: true }), hasResponse: true });
describeFramework('node:http', { start: startHttp({ showsResponse: false }), hasResponse: false });

describeKnownDevices('node:http with req.res', startByWay({ showsResponse: true }));
describeKnownDevices('node:http with deviceCookie()', startByWay({ showsResponse: false }));
describeDevicesBehindMiddleware('node:http', (lockout, check) =>
  startByWay({ showsResponse: true, before: () => lockout.middleware() })(lockout, check, 'with a session'),
);

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
