/** Every way in, under one lockout. */
import passport from 'passport';
import { BasicStrategy } from 'passport-http';
import { Lockout, withLockout } from 'passport-lockout';
import { findUser, type User } from '../express/users.js';
import { localStrategy } from '../shared/local-strategy.js';

/** Form, API, password reset and one-time password share one budget, so none is a side door. */
export const lockout = new Lockout({
  attemptLog: 'await',
  // From your configuration, the same in all processes.
  unlockTokenSecret: process.env['UNLOCK_TOKEN_SECRET'] ?? 'only an example, at least 32 characters',
});

/**
 * The right password forgives no wrong codes: whoever knows it could send it between two guesses, for ever. Only the code
 * ends a login, and only its success forgives.
 */
const HALF_A_LOGIN = { resetOnSuccess: false };

const basic = new BasicStrategy(
  (username: string, password: string, done: (error: unknown, user?: User | false) => void) => {
    findUser(username, password).then((user) => done(null, user ?? false), done);
  },
);
passport.use(withLockout(localStrategy(), lockout, HALF_A_LOGIN));
passport.use(withLockout(basic, lockout, HALF_A_LOGIN));
passport.serializeUser((user, done) => done(null, (user as User).username));
passport.deserializeUser((username: string, done) => done(null, { username }));

export { passport };
