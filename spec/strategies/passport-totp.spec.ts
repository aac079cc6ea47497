import { Strategy } from 'passport-totp';
import {
  describeAtOneMoment,
  TOTP_KEY as KEY,
  currentTotp as right,
  wrongTotp as wrong,
} from '../support/fixtures/totp.js';
import { type Done, describeDifferential, request } from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const withCode = (code: unknown, name = 'alice') => request({ body: { code }, user: { name } });

interface LoggedIn {
  readonly user: { readonly name: string };
}

describeAtOneMoment('At a fixed time:', () => {
  describeDifferential('passport-totp', {
    variants: {
      plain: { arity: 2, create: (setup) => new Strategy(setup) },
      'with options': { arity: 2, create: (setup) => new Strategy({ window: 0 }, setup) },
    },
    request: () => withCode(right()),
    answers: { right: [null, KEY, 30], wrong: [null, 'the key of another.', 30] },
    others: {
      'a wrong code': () => withCode(wrong()),
      'no code': () => withCode(undefined),
      'no body': () => request({ body: undefined }),
      'nobody logged in': () => request({ body: { code: right() } }),
      'in the query': () => request({ query: { code: right() }, user: { name: 'alice' } }),
    },
  });

  describeCredentialLock('passport-totp with { username }', {
    create: (checked) =>
      new Strategy(({ name }: LoggedIn['user'], done: Done) => {
        checked(name);
        done(null, KEY, 30);
      }),
    request: (username, isRight) => withCode(isRight ? right() : wrong(), username),
    strategyOptions: { username: ({ req }) => (req as unknown as LoggedIn).user.name },
  });
});
