/** Passport with one strategy, guarded by the lockout: all that this example is about. */
import passport from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, withLockout } from 'passport-lockout';
import { ladders } from './policy.js';
import { findUser } from './users.js';

export const lockout = new Lockout({ tiers: ladders });

const local = new LocalStrategy((username, password, done) => {
  findUser(username, password).then((user) => done(null, user ?? false), done);
});

passport.use(withLockout(local, lockout));

export { passport };
