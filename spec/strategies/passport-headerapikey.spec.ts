import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import {
  type Done,
  describeDifferential,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const Strategy = HeaderAPIKeyStrategy as unknown as StrategyConstructor;
const HEADER = { header: 'Authorization', prefix: 'Api-Key ' };
const withKey = (authorization: string) => request({ headers: { authorization } });

describeDifferential('passport-headerapikey', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(HEADER, false, verify) },
    'with the request': { arity: 3, create: (verify) => new Strategy(HEADER, true, verify) },
  },
  request: () => withKey('Api-Key a-key'),
  others: { 'no key': () => request(), 'another prefix': () => withKey('Bearer a-key') },
});

describeTokenLock('passport-headerapikey', {
  create: (checked) =>
    new Strategy(HEADER, false, (key: string, done: Done) => {
      checked();
      done(null, key === 'right-key' && USER);
    }),
  request: (isRight) => withKey(`Api-Key ${isRight ? 'right-key' : 'wrong-key'}`),
  secrets: ['right-key', 'wrong-key'],
});
