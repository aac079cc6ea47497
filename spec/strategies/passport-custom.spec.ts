import { Strategy as CustomStrategy } from 'passport-custom';
import {
  type Done,
  describeDifferential,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const Strategy = CustomStrategy as unknown as StrategyConstructor;
const pin = (user: string, code: string) => request({ body: { user, code } });

describeDifferential('passport-custom', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(verify) },
    'with the options': { arity: 3, create: (verify) => new Strategy({ passOptionsToCallback: true }, verify) },
  },
  request: () => pin('alice', '1234'),
  others: { 'no body': () => request({ body: undefined }) },
  options: () => ({ session: false }),
});

interface Login {
  readonly body: { readonly user: string; readonly code: string };
}

describeCredentialLock('passport-custom with { username }', {
  create: (checked) =>
    new Strategy(({ body }: Login, done: Done) => {
      checked(body.user);
      done(null, body.code === 'right' && USER);
    }),
  request: (username, isRight) => pin(username, isRight ? 'right' : 'wrong'),
  strategyOptions: { username: ({ req }) => (req as unknown as Login).body.user },
});
