/** The admin pages behind the login of an operator, while an attack goes on: see README.md. */
import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, MemoryStore, withLockout } from 'passport-lockout';
import { createAdmin } from 'passport-lockout/admin';
import { homePage, loginPage } from './login-page.js';
import { goOn, makeUpADay, PastClock } from './traffic.js';
import { users, verify } from './users.js';

const clock = new PastClock();
const store = new MemoryStore({ clock: clock.read, maxAttempts: 100_000 });
// With a secret, a browser in which an operator has logged in is known: an attack on their name does not keep them out.
const secret = process.env.LOCKOUT_SECRET ?? randomBytes(32).toString('base64url');
await makeUpADay(clock, { store, secret });
const lockout = new Lockout({ store, secret });

passport.use(withLockout(new LocalStrategy(verify), lockout));
passport.serializeUser((user, done) => done(null, user.username));
passport.deserializeUser((username, done) => done(null, { username }));

const app = express();
app.use(
  session({
    secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax' }, // and secure, behind https
  }),
);
app.use(passport.session());

app.get('/login', (req, res) => {
  const [message] = req.session.messages?.splice(0) ?? [];
  res.send(loginPage(message));
});
app.post(
  '/login',
  express.urlencoded(),
  passport.authenticate('local', { successRedirect: '/', failureRedirect: '/login', failureMessage: true }),
);
app.post('/logout', (req, res, next) => req.logout((error) => (error ? next(error) : res.redirect('/login'))));
app.get('/', (req, res) => {
  if (!req.isAuthenticated()) return res.redirect('/login');
  res.send(homePage(canOf(req.user) !== undefined));
});

/** What this operator may do; undefined for everybody else. */
const canOf = (user) => users.get(user.username)?.can;

const admin = createAdmin(lockout, {
  authorize(req) {
    const can = req.user && canOf(req.user);
    return can ? { actor: req.user.username, can } : false;
  },
});
// Those who have not logged in are sent to do so; the pages refuse everybody else who is no operator.
app.use('/admin/lockout', (req, res, next) => (req.isAuthenticated() ? next() : res.redirect('/login')), admin);

const stopTraffic = goOn(lockout);
const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. An attack is going on. Log in and watch it on ${url}/admin/lockout/

  carol / correct horse     an operator, who may do everything
  dave / battery staple     may look, and nothing else
  alice / wonderland        no operator: lock her with three different wrong passwords, and free her as carol
`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    stopTraffic();
    admin.close(); // ends the streams of pages that are open, or the server would wait for them
    server.close(() => void lockout.close());
    server.closeIdleConnections();
  });
}
