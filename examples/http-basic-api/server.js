/**
 * An API behind HTTP Basic, where every request is a login. Parallel requests with the right password all succeed, and
 * none is counted; programs are answered with `application/problem+json`.
 */
import express from 'express';
import passport from 'passport';
import { BasicStrategy } from 'passport-http';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({
  // A program that keeps sending an old password is counted once.
  secret: process.env.LOCKOUT_SECRET,
  onLocked: 'respond',
  respondWith: { corsOrigin: 'https://app.example' },
  // Many machines may share one address.
  tiers: { ip: [{ failures: 100, cooloff: { minutes: 15 } }] },
});

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new BasicStrategy(verify), lockout));

const app = express();
app.use('/api', passport.authenticate('basic', { session: false }));
app.get('/api/me', (req, res) => res.json(req.user));

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right password, wonderland:

  curl -i -u alice:wrong ${url}/api/me
`);
});
