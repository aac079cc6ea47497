/** Express and passport-local, as in most applications; only `withLockout` and its lockout are new. */
const express = require('express');
const passport = require('passport');
const { Strategy: LocalStrategy } = require('passport-local');
const { Lockout, withLockout } = require('passport-lockout');

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET }); // with it, browsers that have logged in are known
lockout.on('username_blocked', ({ username, lockedUntil }) =>
  console.log('locked:', JSON.stringify(username), lockedUntil),
);

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
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ welcome: req.user.username });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
});
