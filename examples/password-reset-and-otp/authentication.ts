/** Every way in, and which lockout guards it. */
import passport from 'passport';
import { BasicStrategy } from 'passport-http';
import { Lockout, withLockout } from 'passport-lockout';
import { findUser, type User } from '../express/users.js';
import { localStrategy } from '../shared/local-strategy.js';

/** What checks the password, or replaces it: form, API and password reset share one budget, so none is a side door. */
export const passwordLockout = new Lockout({
  audit: 'await',
  // From your configuration, the same in all processes.
  unlockTokenSecret: process.env['UNLOCK_TOKEN_SECRET'] ?? 'only an example, at least 32 characters',
});

/**
 * The second factor has a lockout of its own. With a shared one, the right password would forgive the wrong codes: whoever
 * knows the password could send it between two guesses, for ever.
 */
export const codeLockout = new Lockout();

const basic = new BasicStrategy(
  (username: string, password: string, done: (error: unknown, user?: User | false) => void) => {
    findUser(username, password).then((user) => done(null, user ?? false), done);
  },
);
passport.use(withLockout(localStrategy(), passwordLockout));
passport.use(withLockout(basic, passwordLockout));
passport.serializeUser((user, done) => done(null, (user as User).username));
passport.deserializeUser((username: string, done) => done(null, { username }));

export { passport };
