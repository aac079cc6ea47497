/** passport-local over the accounts of `examples/express`. */
import { Strategy as LocalStrategy } from 'passport-local';
import { findUser } from '../express/users.js';

export function localStrategy(): LocalStrategy {
  return new LocalStrategy((username, password, done) => {
    findUser(username, password).then((user) => done(null, user ?? false), done);
  });
}
