import { Strategy } from 'passport-localapikey';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const withKey = (apikey: unknown) => request({ body: { apikey } });

describeDifferential('passport-localapikey', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(verify) },
    'with the request': { arity: 3, create: (verify) => new Strategy({ passReqToCallback: true }, verify) },
  },
  request: () => withKey('a-key'),
  others: {
    'no key': () => request(),
    'an object for a key': () => withKey({ a: 1 }),
    'in the query': () => request({ query: { apikey: 'a-key' } }),
  },
});

describeTokenLock('passport-localapikey', {
  create: (checked) =>
    new Strategy((key: string, done: Done) => {
      checked();
      done(null, key === 'right-key' && USER);
    }),
  request: (isRight) => withKey(isRight ? 'right-key' : 'wrong-key'),
  secrets: ['right-key', 'wrong-key'],
});
