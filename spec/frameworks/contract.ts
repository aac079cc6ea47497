/** What a wrapped passport-local does in every framework, over real HTTP on a socket that shows `::ffff:` addresses. */
import { once } from 'node:events';
import { type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { stillStore } from '../support/stores/still-store.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

/** The loopback address as a dual-stack server sees IPv4 clients. */
export const HOST = '::ffff:127.0.0.1';
export const RIGHT = 'right';

export interface User {
  readonly username: string;
}

export type Check = (username: string, password: string) => Promise<User | false>;

export interface FrameworkApp {
  readonly server: Server;
  close(): Promise<void>;
}

/** `POST /login` takes JSON and logs in to a session; `GET /me` answers the username of the session, else 401. */
export type StartFramework = (lockout: Lockout, check: Check) => Promise<FrameworkApp>;

export interface Framework {
  readonly start: StartFramework;
  /** Whether `onLocked: 'fail'` can set Retry-After: strategies see the response there. */
  readonly hasResponse: boolean;
}

export interface LoginAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly type: string | null;
  readonly body: string;
  readonly cookie: string;
}

function localStrategy(check: Check): LocalStrategy {
  return new LocalStrategy((username, password, done) => {
    check(username, password).then((user) => done(null, user), done);
  });
}

export function guarded(lockout: Lockout, check: Check) {
  return withLockout(localStrategy(check), lockout);
}

export class Driver {
  readonly checked: string[] = [];
  readonly lockout: Lockout;
  /** What the check waits for before it answers. */
  gate: Promise<void> = Promise.resolve();
  #app: FrameworkApp | undefined;

  constructor(options: LockoutOptions = {}) {
    this.lockout = new Lockout({ store: stillStore(), ...options });
  }

  async start(start: StartFramework): Promise<this> {
    this.#app = await start(this.lockout, async (username, password) => {
      this.checked.push(username);
      await this.gate;
      return password === RIGHT && { username };
    });
    return this;
  }

  get port(): number {
    const address = this.#app?.server.address() as AddressInfo | undefined;
    return address?.port ?? 0;
  }

  async logIn(username: string, password: string, headers: Record<string, string> = {}): Promise<LoginAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username, password }),
    });
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      type: response.headers.get('content-type'),
      body: await response.text(),
      cookie: response.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    };
  }

  async lock(username: string, headers: Record<string, string> = {}): Promise<readonly LoginAnswer[]> {
    const answers: LoginAnswer[] = [];
    for (let index = 0; index < 3; index += 1) answers.push(await this.logIn(username, `wrong ${index}`, headers));
    return answers;
  }

  async me(cookie: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/me`, { headers: { cookie } });
    return response.ok ? response.text() : String(response.status);
  }

  /** Sends a login and hangs up as soon as it is being checked. */
  async hangUp(username: string): Promise<void> {
    const body = JSON.stringify({ username, password: 'wrong' });
    const login = request({
      host: '127.0.0.1',
      port: this.port,
      path: '/login',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const closed = new Promise((resolve) => login.on('error', () => {}).once('close', resolve));
    login.end(body);
    await until(() => this.checked.includes(username));
    login.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.#app?.close();
    await this.lockout.close();
  }
}

export function describeFramework(name: string, { start, hasResponse }: Framework): void {
  describe(name, () => {
    let driver: Driver;

    async function startWith(options: LockoutOptions = {}): Promise<void> {
      driver = await new Driver(options).start(start);
    }

    afterEach(() => driver.close());

    it('locks on the third wrong password', async () => {
      await startWith();
      const answers = await driver.lock('alice');

      expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 429]);
      expect(answers.map(({ retryAfter }) => retryAfter)).to.deep.equal([null, null, hasResponse ? '900' : null]);
    });

    it('refuses the right password while locked, without checking it', async () => {
      await startWith();
      await driver.lock('alice');
      const refused = await driver.logIn('alice', RIGHT);

      expect(refused.status).to.equal(429);
      expect(driver.checked).to.have.length(3);
      expect(await driver.me(refused.cookie)).to.equal('401');
    });

    it('lets another user log in with a session meanwhile', async () => {
      await startWith();
      await driver.lock('alice');
      const { status, cookie } = await driver.logIn('bob', RIGHT);

      expect(status).to.be.within(200, 204);
      expect(await driver.me(cookie)).to.equal('bob');
    });

    it('forgives the failures of a username after the right password', async () => {
      await startWith();
      await driver.logIn('alice', 'wrong');
      await driver.logIn('alice', RIGHT);

      expect(await driver.lockout.status({ username: 'alice' })).to.include({ failures: 0 });
    });

    it('folds an IPv4 address in IPv6 notation', async () => {
      await startWith();
      const log = new EventLog(driver.lockout);
      await driver.logIn('alice', 'wrong');

      expect(log.of('attempt_failed')[0]?.attempt).to.include({ address: '127.0.0.1', ip: '127.0.0.1' });
    });

    it('F24 ignores a forged X-Forwarded-For while no proxy is trusted', async () => {
      await startWith();
      for (const [index, username] of ['alice', 'bob', 'carol'].entries()) {
        const forged = `203.0.113.${index}`;
        await driver.logIn(username, 'wrong', { 'x-forwarded-for': forged, forwarded: `for=${forged}` });
      }

      expect(await driver.lockout.status({ ip: '127.0.0.1' })).to.include({ failures: 3 });
    });

    it('F48 counts a client that hangs up during the check, and frees its slot', async () => {
      await startWith();
      let release = () => {};
      driver.gate = new Promise((resolve) => {
        release = resolve;
      });
      await driver.hangUp('alice');
      expect(await driver.lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 1 });
      const settled = once(driver.lockout, 'attempt_failed');
      release();
      await settled;

      expect(await driver.lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
      expect(await driver.lockout.status({ ip: '127.0.0.1' })).to.include({ failures: 1, verifying: 0 });
    });

    it('answers a locked login by an error with 429 and Retry-After, without any error handler', async () => {
      await startWith({ onLocked: 'error' });
      const [, , locked] = await driver.lock('alice');

      expect(locked).to.include({ status: 429, retryAfter: '900' });
    });

    it(`answers with a page of its own if it has the response${hasResponse ? '' : ', else fails'}`, async () => {
      await startWith({ onLocked: 'respond' });
      const [, , locked] = await driver.lock('alice', { accept: 'text/html' });

      expect(locked).to.include({ status: 429 });
      if (hasResponse) {
        expect(locked).to.include({ type: 'text/html; charset=utf-8', retryAfter: '900' });
        expect(locked?.body).to.include('<h1>Login refused</h1>');
      }
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export async function listen(server: Server): Promise<FrameworkApp> {
  server.listen(0, HOST);
  await once(server, 'listening');
  return { server, close: () => closeServer(server) };
}

export async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}
