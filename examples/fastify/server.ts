/**
 * Fastify with @fastify/passport. `npm run example:fastify`
 *
 * Strategies see no response here, so `Retry-After` travels with the error: `onLocked: 'error'`.
 */
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import fastify from 'fastify';
import { Lockout, withLockout } from 'passport-lockout';
import type { User } from '../express/users.js';
import { localStrategy } from '../shared/local-strategy.js';
import { announce, HOST, PORT, wrongJson } from '../shared/serve.js';

const lockout = new Lockout({ onLocked: 'error' });

const passport = new Authenticator();
passport.use(withLockout(localStrategy(), lockout));
passport.registerUserSerializer(async (user: User) => user.username);
passport.registerUserDeserializer(async (username: string) => ({ username }));

const app = fastify(); // behind a proxy: fastify({ trustProxy: ... })
await app.register(secureSession, { key: Buffer.from('a secret of exactly 32 byte here') });
await app.register(passport.initialize());
await app.register(passport.secureSession());

app.post('/login', { preValidation: passport.authenticate('local', { session: true }) }, async (request) => ({
  welcome: (request.user as User).username,
}));
app.get('/me', async (request, reply) => request.user ?? reply.code(401).send());

await app.listen({ host: HOST, port: PORT });
announce(app.server, [lockout], wrongJson);
