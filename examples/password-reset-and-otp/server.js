/** Login, one-time password, password reset and unlock link share one lockout, so that none is a side door. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import { TOTP } from 'otpauth';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET ?? randomBytes(32).toString('base64url') });

// Your own checks: compare hashes, and take as long for unknown names as for known ones.
const alice = { password: 'wonderland', totp: new TOTP({ secret: 'JBSWY3DPEHPK3PXP' }), resetCode: '7F3K-99QX' };
const users = new Map([['alice', alice]]);
function verify(username, password, done) {
  done(null, users.get(username)?.password === password ? { username } : false);
}

// Half a login forgives nothing: otherwise an attacker who knows the password could send it between two guesses at the code.
passport.use(withLockout(new LocalStrategy(verify), lockout, { resetOnSuccess: false }));
passport.serializeUser((user, done) => done(null, user.username));
passport.deserializeUser((username, done) => done(null, { username }));

const app = express();
const secret = process.env.SESSION_SECRET ?? randomBytes(32).toString('base64url');
app.use(express.json(), session({ secret, resave: false, saveUninitialized: false }), passport.session());
app.post('/login', passport.authenticate('local'), (_req, res) => res.json({ next: 'POST /code' }));
app.post('/code', async (req, res) => {
  if (!req.user) return res.sendStatus(401);
  const { username } = req.user;
  const isRight = () => Number.isInteger(users.get(username)?.totp.validate({ token: textOf(req, 'code'), window: 1 }));
  // Counted by itself: a lock of the username does not keep out who has given the password on a known device.
  const result = await lockout.protect({ req, username, action: 'code' }, isRight, { factor: 'second' });
  if (result.outcome === 'succeeded') req.session.hasSecondFactor = true;
  answer(res, result);
});

app.post('/reset', async (req, res) => {
  const [username, code, password] = ['username', 'code', 'password'].map((field) => textOf(req, field));
  if (password === '') return res.sendStatus(400);
  const isRight = () => isEqual(code, users.get(username)?.resetCode);
  const result = await lockout.protect({ req, username, action: 'password-reset' }, isRight);
  if (result.outcome === 'succeeded') {
    Object.assign(users.get(username), { password, resetCode: undefined });
    await lockout.passwordChanged(req, username); // frees the name; only this browser is known from now on
  }
  answer(res, result);
});
lockout.on('username_blocked', async ({ username, firstToday }) => {
  const token = firstToday && (await lockout.createUnlockToken({ username })); // or an attacker fills the inbox
  if (token) console.log(`mail to the owner of ${JSON.stringify(username)}: POST /unlock?token=${token}`);
});
app.post('/unlock', async (req, res) => {
  const { outcome } = await lockout.redeemUnlockToken(req.query.token, { req, by: 'unlock link' });
  res.status(outcome === 'unlocked' ? 200 : 410).json({ outcome });
});

function answer(res, { outcome, locked }) {
  if (outcome === 'succeeded') return res.json({ ok: true });
  if (!locked) return res.status(401).json({ message: 'Wrong code.' });
  if (locked.retryAfter !== null) res.set('Retry-After', String(locked.retryAfter));
  res.status(429).json(locked);
}

function textOf({ body }, field) {
  return typeof body?.[field] === 'string' ? body[field] : '';
}

function isEqual(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected ?? '')];
  return expected !== undefined && a.length === b.length && timingSafeEqual(a, b);
}

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. alice's password is wonderland,
her one-time password is now ${alice.totp.generate()}, her reset code is ${alice.resetCode}.
  curl -i -b jar -c jar -H 'content-type: application/json' -d '{"username":"alice","password":"wonderland"}' ${url}/login
Then send {"code":"..."} to /code. With {"username":"alice","code":"...","password":"..."}, /reset needs no login.`);
});
