import { UniqueTokenStrategy } from 'passport-unique-token';
import {
  type Done,
  describeDifferential,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const Strategy = UniqueTokenStrategy as unknown as StrategyConstructor;
const withToken = (token: unknown) => request({ headers: { token }, params: {} });

describeDifferential('passport-unique-token', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(verify) },
    'with the request': { arity: 3, create: (verify) => new Strategy({ passReqToCallback: true }, verify) },
    'passing without a token': { arity: 2, create: (verify) => new Strategy({ failOnMissing: false }, verify) },
  },
  request: () => withToken('a-token'),
  others: {
    'no token': () => request({ params: {} }),
    'in the body': () => request({ body: { token: 'a-token' } }),
    'in the path': () => request({ params: { token: 'a-token' } }),
  },
});

describeTokenLock('passport-unique-token', {
  create: (checked) =>
    new Strategy((token: string, done: Done) => {
      checked();
      done(null, token === 'right-token' && USER);
    }),
  request: (isRight) => withToken(isRight ? 'right-token' : 'wrong-token'),
  secrets: ['right-token', 'wrong-token'],
});
