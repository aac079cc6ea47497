/** Fastify with @fastify/passport. */
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import { expect } from 'chai';
import fastify, { type FastifyInstance } from 'fastify';
import type { LockedInfo } from '../../lib/index.js';
import {
  Driver,
  describeFramework,
  type FrameworkApp,
  guarded,
  HOST,
  type StartFramework,
  type User,
} from './contract.js';
import { describeKnownDevices, type StartByWay, type Way } from './known-devices.js';

async function listen(app: FastifyInstance): Promise<FrameworkApp> {
  await app.listen({ port: 0, host: HOST });
  return {
    server: app.server,
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

async function createApp(): Promise<{ app: FastifyInstance; passport: InstanceType<typeof Authenticator> }> {
  const passport = new Authenticator();
  passport.registerUserSerializer(async (user: User) => user.username);
  passport.registerUserDeserializer(async (username: string) => ({ username }));
  const app = fastify();
  await app.register(secureSession, { key: Buffer.alloc(32, 'x') });
  await app.register(passport.initialize());
  await app.register(passport.secureSession());
  return { app, passport };
}

type Passport = InstanceType<typeof Authenticator>;
type Handler = ReturnType<Passport['authenticate']>;

function customCallback(passport: Passport): Handler {
  return passport.authenticate('local', async (request, reply, _error, user, _info, status) => {
    if (user) await request.logIn(user);
    else await reply.code(typeof status === 'number' ? status : 401).send();
  });
}

const HANDLERS: Readonly<Record<Way, (passport: Passport) => Handler>> = {
  'with a session': (passport) => passport.authenticate('local', { session: true }),
  'without a session': (passport) => passport.authenticate('local', { session: false }),
  'with a custom callback': customCallback,
  'with successRedirect': (passport) => passport.authenticate('local', { successRedirect: '/me' }),
};

const startByWay: StartByWay = async (lockout, check, way) => {
  const { app, passport } = await createApp();
  passport.use(guarded(lockout, check));
  app.addHook('onSend', async (request, reply) => {
    const cookie = lockout.deviceCookie(request);
    if (cookie !== undefined) reply.header('set-cookie', cookie);
  });
  app.post('/login', { preValidation: HANDLERS[way](passport) }, async () => 'in');
  app.get('/me', async (request, reply) => (request.user as User | null)?.username ?? reply.code(401).send());
  return listen(app);
};

const startFastify: StartFramework = (lockout, check) => startByWay(lockout, check, 'with a session');

describeKnownDevices('Fastify', startByWay);
describeFramework('Fastify', { start: startFastify, hasResponse: false });

describe('Fastify with a custom callback', () => {
  it('passes it status and info, and sets Retry-After', async () => {
    const driver = new Driver();
    await driver.start(async (lockout, check) => {
      const { app, passport } = await createApp();
      passport.use(guarded(lockout, check));
      const logIn = passport.authenticate('local', async (_request, reply, _error, user, info, status) => {
        const { retryAfter } = (info ?? {}) as Partial<LockedInfo>;
        if (retryAfter) reply.header('retry-after', retryAfter);
        if (!user) reply.code(typeof status === 'number' ? status : 401).send('refused');
      });
      app.post('/login', { preValidation: logIn }, async () => 'in');
      return listen(app);
    });
    const [, , locked] = await driver.lock('alice');

    expect(locked).to.include({ status: 429, retryAfter: '900', body: 'refused' });
    await driver.close();
  });
});
