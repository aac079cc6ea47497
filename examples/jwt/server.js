/**
 * A login route that issues a JSON Web Token, and an API that accepts it. Only the login is guarded: a token is signed and
 * cannot be guessed, so passport-jwt needs no lockout.
 */
const { randomBytes } = require('node:crypto');
const express = require('express');
const jwt = require('jsonwebtoken');
const passport = require('passport');
const { ExtractJwt, Strategy: JwtStrategy } = require('passport-jwt');
const { Strategy: LocalStrategy } = require('passport-local');
const { Lockout, withLockout } = require('passport-lockout');

const lockout = new Lockout({ secret: process.env.LOCKOUT_SECRET, onLocked: 'respond' });

// Your own check: compare hashes, and take as long for unknown names as for known ones.
const passwords = new Map([
  ['alice', 'wonderland'],
  ['bob', 'can we fix it'],
]);
function verify(username, password, done) {
  done(null, passwords.get(username) === password ? { username } : false);
}

passport.use(withLockout(new LocalStrategy(verify), lockout));

const secretOrKey = process.env.JWT_SECRET ?? randomBytes(32).toString('hex'); // the same in all processes
const jwtFromRequest = ExtractJwt.fromAuthHeaderAsBearerToken();
passport.use(
  new JwtStrategy({ secretOrKey, jwtFromRequest, algorithms: ['HS256'] }, ({ sub }, done) => {
    done(null, passwords.has(sub) ? { username: sub } : false);
  }),
);

const app = express();
app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
  res.json({ token: jwt.sign({}, secretOrKey, { subject: req.user.username, expiresIn: '15m' }) });
});
app.get('/me', passport.authenticate('jwt', { session: false }), (req, res) => res.json(req.user));

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  console.log(`The example listens on ${url}. Do this with three different wrong passwords, and then with the right one, wonderland:

  curl -i -H 'content-type: application/json' -d '{"username":"alice","password":"wrong"}' ${url}/login
`);
});
