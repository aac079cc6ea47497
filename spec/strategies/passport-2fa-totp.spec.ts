import Strategy from 'passport-2fa-totp';
import {
  describeAtOneMoment,
  TOTP_KEY as KEY,
  currentTotp as right,
  wrongTotp as wrong,
} from '../support/fixtures/totp.js';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const login = (username: unknown, password: unknown, code: unknown = right()) =>
  request({ body: { username, password, code } });
const setUp = (...args: unknown[]) => (args.at(-1) as Done)(null, KEY, 30);

/** The strategy takes a throw of its first verify function for a failure, as long as it comes in the same turn. */
const thrown = (what: string) => (entries: readonly string[]) => [...entries.slice(0, 2), `error(${what})`];

describeAtOneMoment('At a fixed time:', () => {
  describeDifferential('passport-2fa-totp (password)', {
    variants: {
      plain: { arity: 3, create: (verify) => new Strategy(verify, setUp) },
      'with the request': { arity: 4, create: (verify) => new Strategy({ passReqToCallback: true }, verify, setUp) },
      'without the code': { arity: 3, create: (verify) => new Strategy({ skipTotpVerification: true }, verify, setUp) },
    },
    request: () => login('alice', 'x'),
    others: {
      'a wrong code': () => login('alice', 'x', wrong()),
      'no code': () => login('alice', 'x', undefined),
      'no password': () => login('alice', undefined),
      'no body': () => request({ body: undefined }),
    },
    laterTurn: {
      'a throw': thrown('<THROWN>'),
      'a throw of undefined': thrown('undefined'),
      // In the same turn the strategy's own promise is settled already, and the throw is lost.
      'wrong, then a throw': ([verify = '', self = '', fail = '']) => [verify, self, 'error(<THROWN>)', fail],
    },
  });

  describeDifferential('passport-2fa-totp (code)', {
    variants: {
      plain: {
        arity: 2,
        create: (verify) => new Strategy((_u: string, _p: string, done: Done) => done(null, USER), verify),
      },
      'with the request': {
        arity: 3,
        create: (verify) =>
          new Strategy(
            { passReqToCallback: true },
            (_req: unknown, _u: string, _p: string, done: Done) => done(null, USER),
            verify,
          ),
      },
    },
    request: () => login('alice', 'x'),
    answers: { right: [null, KEY, 30], wrong: [null, 'the key of another.', 30] },
    others: {},
  });

  for (const wrongPart of ['password', 'code'] as const) {
    describeCredentialLock(`passport-2fa-totp with a wrong ${wrongPart}`, {
      create: (checked) =>
        new Strategy((username: string, password: string, done: Done) => {
          checked(username);
          done(null, password === 'right' && USER);
        }, setUp),
      request: (username, isRight) =>
        login(
          username,
          isRight || wrongPart === 'code' ? 'right' : 'wrong',
          isRight || wrongPart === 'password' ? right() : wrong(),
        ),
    });
  }
});
