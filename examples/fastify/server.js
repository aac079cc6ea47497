/**
 * Fastify with @fastify/passport. Strategies see no response there, so `Retry-After` travels with the error:
 * `onLocked: 'error'`.
 */
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import fastify from 'fastify';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET, onLocked: 'error' });

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

const passport = new Authenticator();
passport.use(withLockout(new LocalStrategy(verify), lockout));
passport.registerUserSerializer(async (user) => user.username);
passport.registerUserDeserializer(async (username) => ({ username }));

const app = fastify(); // behind a proxy: fastify({ trustProxy: '10.0.0.0/8' })
await app.register(secureSession, { key: Buffer.from('a secret of exactly 32 byte here') });
await app.register(passport.initialize());
await app.register(passport.secureSession());
// Nor can strategies set a cookie: the one by which this browser will be known.
app.addHook('onSend', async (request, reply) => {
  const cookie = lockout.deviceCookie(request);
  if (cookie) reply.header('set-cookie', cookie);
});

app.post('/login', { preValidation: passport.authenticate('local', { session: true }) }, async (request) => ({
  welcome: request.user.username,
}));
app.get('/me', async (request, reply) => request.user ?? reply.code(401).send());

const url = await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT ?? 3000) });
console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
