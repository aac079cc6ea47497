/** A login form with a session: a refused login is redirected to the form, which says why and for how long. */
const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { Strategy: LocalStrategy } = require('passport-local');
const { Lockout, withLockout } = require('passport-lockout');

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET }); // with it, browsers that have logged in are known

// Your own check: compare hashes, and take as long for unknown names as for known ones.
function verify(username, password, done) {
  if (username === 'alice' && password === 'wonderland') return done(null, { username });
  done(null, false, { message: 'Wrong username or password.' });
}

passport.use(withLockout(new LocalStrategy(verify), lockout));
passport.serializeUser((user, done) => done(null, user.username));
passport.deserializeUser((username, done) => done(null, { username }));

const app = express();
app.use(session({ secret: process.env.SESSION_SECRET ?? 'a secret', resave: false, saveUninitialized: false }));
app.use(passport.session());
app.use((req, _res, next) => {
  // Replaces connect-flash, which Passport expects but which does not run on Node.js 23 and later.
  req.flash = (_type, message) => {
    req.session.flash = message;
  };
  next();
});

app.get('/login', (req, res) => {
  const { flash = '' } = req.session;
  delete req.session.flash;
  // Only strings from this file and the lockout, so there is nothing to escape.
  res.send(`<!doctype html>
    <p role="alert">${flash}</p>
    <form method="post">
      <label>Username <input name="username" autocomplete="username" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Log in</button>
    </form>`);
});

app.post(
  '/login',
  express.urlencoded(),
  passport.authenticate('local', { successRedirect: '/', failureRedirect: '/login', failureFlash: true }),
);

app.get('/', (req, res) => {
  if (!req.isAuthenticated()) return res.redirect('/login');
  res.send('<!doctype html><p>Welcome.</p><form method="post" action="/logout"><button>Log out</button></form>');
});

app.post('/logout', async (req, res, next) => {
  await lockout.recordLogout(req, { username: req.user?.username }); // an entry in the attempt log
  req.logout((error) => (error ? next(error) : res.redirect('/login')));
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Open it in a browser and log in as alice, with three different wrong passwords
and then with the right one, wonderland.`);
});
