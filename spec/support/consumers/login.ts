/** The program that each consumer runs: a server with a login by Passport, which a client tries to guess. */

const USE = `
passport.use(withLockout(new Strategy((username, password, done) => done(null, password === 'right' && { username }))));

const server = createServer((req, res) => {
  req.body = { username: 'alice', password: req.headers['x-password'] };
  passport.authenticate('local', { session: false })(req, res, () => res.end());
});
server.listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port;
  const statuses = [];
  for (const password of ['right', 'wrong 1', 'wrong 2', 'wrong 3', 'right']) {
    const response = await fetch(url, { headers: { 'x-password': password, connection: 'close' } });
    await response.arrayBuffer();
    statuses.push(response.status);
  }
  console.log(statuses.join(' '));
  server.close();
});
`;

/** The files of the program, one for each module format, by their names. */
export const LOGIN = {
  'login.mjs': `
import { createServer } from 'node:http';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { withLockout } from 'passport-lockout';
${USE}`,
  'login.cjs': `
const { createServer } = require('node:http');
const passport = require('passport');
const { Strategy } = require('passport-local');
const { withLockout } = require('passport-lockout');
${USE}`,
};

export const LOGIN_NAMES = Object.keys(LOGIN) as readonly (keyof typeof LOGIN)[];

/** What the program prints: the statuses of a login, of two failed ones, of the one that locks, and of one while locked. */
export const LOGIN_OUTPUT = '200 401 401 429 429\n';

/** What the program needs besides ours: the versions of our own specs. */
export const LOGIN_PACKAGES = { passport: '^0.7.0', 'passport-local': '^1.0.0' };
