/**
 * Express behind nginx, which nginx.conf configures. Without `trust proxy` every client has nginx's address, and 30
 * wrong passwords from anywhere lock everyone out.
 */
import express from 'express';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET, onLocked: 'respond' });
// Reports a proxy that is not trusted, or one that is trusted and does not exist.
lockout.on('warning', ({ code, message }) => console.warn(code, message));
lockout.on('ip_blocked', ({ ip }) => console.log(`locked: ${ip}`));

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));

const app = express();
// nginx runs on this machine. If it runs elsewhere, use its address. If there is another proxy in front of it, add that address.
app.set('trust proxy', 'loopback');
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ welcome: req.user.username, from: req.ip });
});

// Only nginx can reach this port. A client that bypassed nginx could write any address into X-Forwarded-For.
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. As nginx would pass it on:

  curl -i -H 'X-Forwarded-For: 203.0.113.9' -H 'content-type: application/json' -d '{"username":"alice","password":"wonderland"}' ${url}/login
`);
});
