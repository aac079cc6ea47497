/** The application under test. It takes its lockout as an argument, so that a test can pass one with its own clock. */
import express from 'express';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { withLockout } from 'passport-lockout';

// Your own check: compare hashes, and take as long for unknown names as for known ones.
function verify(username, password, done) {
  done(null, username === 'alice' && password === 'wonderland' ? { username } : false);
}

export function createApp(lockout) {
  const passport = new Passport(); // not the shared one, so that tests share nothing
  passport.use(withLockout(new LocalStrategy(verify), lockout));

  const app = express();
  app.post('/login', express.json(), passport.authenticate('local', { session: false }), (req, res) => {
    res.json({ welcome: req.user.username });
  });
  return app;
}
