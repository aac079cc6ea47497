import { Strategy } from 'passport-remember-me';
import { type Done, describeDifferential, INFO, request, USER } from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const RES = { cookie: () => undefined, clearCookie: () => undefined, setHeader: () => undefined };
const visit = (remember_me: unknown, isLoggedIn = false) =>
  request({ cookies: { remember_me }, isAuthenticated: () => isLoggedIn, res: RES });
const issue = (_user: unknown, done: Done) => done(null, 'a-new-token');

describeDifferential('passport-remember-me', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(verify, issue) },
    'with a cookie of its own': {
      arity: 2,
      create: (verify) => new Strategy({ cookie: { secure: true } }, verify, issue),
    },
    'with an error from the issuer': {
      arity: 2,
      create: (verify) => new Strategy(verify, (_user: unknown, done: Done) => done(INFO)),
    },
  },
  request: () => visit('a-token'),
  others: { 'no cookie': () => visit(undefined), 'logged in': () => visit('a-token', true) },
});

describeTokenLock('passport-remember-me', {
  create: (checked) =>
    new Strategy((token: string, done: Done) => {
      checked();
      done(null, token === 'right-token' && USER);
    }, issue),
  request: (isRight) => visit(isRight ? 'right-token' : 'wrong-token'),
  secrets: ['right-token', 'wrong-token', 'a-new-token'],
  failure: 'pass',
});
