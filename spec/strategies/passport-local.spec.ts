import { Strategy as LocalStrategy } from 'passport-local';
import {
  type Done,
  describeDifferential,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const Strategy = LocalStrategy as unknown as StrategyConstructor;
const login = (username: unknown, password: unknown) => request({ body: { username, password } });

describeDifferential('passport-local', {
  variants: {
    plain: { arity: 3, create: (verify) => new Strategy(verify) },
    'with the request': { arity: 4, create: (verify) => new Strategy({ passReqToCallback: true }, verify) },
    'with a verify of rest parameters': { arity: 0, create: (verify) => new Strategy(verify) },
    'with fields of its own': {
      arity: 3,
      create: (verify) => new Strategy({ usernameField: 'user[name]', passwordField: 'user[word]' }, verify),
    },
  },
  request: () => request({ body: { username: 'alice', password: 'x', user: { name: 'alice', word: 'x' } } }),
  others: {
    'no body': () => request({ body: undefined }),
    'no password': () => login('alice', undefined),
    'an empty password': () => login('alice', ''),
    'an array for a username': () => login(['alice'], 'x'),
    'an object for a password': () => login('alice', { $gt: '' }),
    'a number for a username': () => login(123, 'x'),
    'in the query': () => request({ query: { username: 'alice', password: 'x' } }),
    'no address': () => ({ ...login('alice', 'x'), ip: undefined }),
    'a username from Object.prototype': () => login('__proto__', 'x'),
  },
});

describeCredentialLock('passport-local', {
  create: (checked) =>
    new Strategy((username: string, password: string, done: Done) => {
      checked(username);
      done(null, password === 'right' && USER);
    }),
  request: (username, isRight) => login(username, isRight ? 'right' : 'wrong'),
});
