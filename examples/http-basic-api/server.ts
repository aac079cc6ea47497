/**
 * An API behind HTTP Basic, where every request is a login. `npm run example:http-basic-api`
 *
 * Right passwords in parallel never wait for each other longer than the check takes, and are not counted; answers are
 * `application/problem+json` for programs. One address may belong to many machines: its ladder is long.
 */
import { createServer } from 'node:http';
import express from 'express';
import passport from 'passport';
import { BasicStrategy } from 'passport-http';
import { Lockout, withLockout } from 'passport-lockout';
import { findUser, type User } from '../express/users.js';
import { serve } from '../shared/serve.js';

const lockout = new Lockout({
  onLocked: 'respond',
  respondWith: { corsOrigin: 'https://app.example' },
  tiers: { ip: [{ failures: 100, cooloff: { minutes: 15 } }] },
});

const basic = new BasicStrategy(
  (username: string, password: string, done: (error: unknown, user?: User | false) => void) => {
    findUser(username, password).then((user) => done(null, user ?? false), done);
  },
);
passport.use(withLockout(basic, lockout));

const app = express();
app.use('/api', passport.authenticate('basic', { session: false }));
app.get('/api/me', (req, res) => void res.json(req.user));

serve(
  createServer(app),
  [lockout],
  (url) =>
    `curl -i -u alice:wrong ${url}/api/me\n\nThen the right password is refused, too:\n\n  curl -i -u alice:wonderland ${url}/api/me`,
);
