/** Passport with one strategy, guarded by the lockout: the point of this example. */
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { type Lockout, withLockout } from 'passport-lockout';
import { findUser } from './users.js';

export type GuardedPassport = InstanceType<typeof Passport>;

export function createPassport(lockout: Lockout): GuardedPassport {
  const local = new LocalStrategy((username, password, done) => {
    findUser(username, password).then((user) => done(null, user ?? false), done);
  });
  const passport = new Passport();
  passport.use(withLockout(local, lockout));
  return passport;
}
