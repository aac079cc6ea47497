/** Express with its sessions and its lockout in one Redis: both outlive the process, and all processes share them. */
import { RedisStore as SessionStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';
import { RedisStore } from 'passport-lockout/redis';
import { createClient } from 'redis';

const client = createClient({ url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379' });
client.on('error', (error) => console.error('redis', error.message)); // without a listener, it would end the process
await client.connect();

// Locks must not be evicted: a server that is also a cache gives guesses back once its memory is full.
const lockout = new Lockout({ store: new RedisStore(client), secret: process.env.LOCKOUT_SECRET });
// While the store fails, nobody can log in, and only this line says why.
lockout.on('store_error', ({ operation, error }) => console.error(operation, error.message, error.cause));

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));
passport.serializeUser((user, done) => done(null, user.username));
passport.deserializeUser((username, done) => done(null, { username }));

const app = express();
app.use(
  session({
    store: new SessionStore({ client, prefix: 'session:' }), // the keys of the lockout begin with {passport-lockout}:
    secret: process.env.SESSION_SECRET ?? 'a secret',
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.session());

app.post('/login', express.json(), passport.authenticate('local'), (req, res) => {
  res.json({ welcome: req.user.username });
});

app.get('/me', (req, res) => {
  res.status(req.isAuthenticated() ? 200 : 401).json({ username: req.user?.username ?? null });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login

Stop and start it, and alice is still locked, until: npx passport-lockout unblock alice --redis redis://127.0.0.1:6379
`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(async () => {
      await lockout.close(); // first, because it writes what is left of the attempt log
      await client.close();
    });
    server.closeIdleConnections();
  });
}
