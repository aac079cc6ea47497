import { Strategy } from 'passport-http-bearer';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const bearer = (token: string) => request({ headers: { authorization: `Bearer ${token}` } });

describeDifferential('passport-http-bearer', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(verify) },
    'with the request': { arity: 3, create: (verify) => new Strategy({ passReqToCallback: true }, verify) },
    'with a scope': { arity: 2, create: (verify) => new Strategy({ scope: ['read', 'write'], realm: 'API' }, verify) },
  },
  request: () => bearer('a-token'),
  others: {
    'no token': () => request(),
    'no headers': () => request({ headers: undefined }),
    'a malformed header': () => bearer('two words'),
    'in the body': () => request({ body: { access_token: 'a-token' } }),
    'in the query': () => request({ query: { access_token: 'a-token' } }),
    'two tokens': () => ({ ...bearer('a-token'), body: { access_token: 'a-token' } }),
  },
});

describeTokenLock('passport-http-bearer', {
  create: (checked) =>
    new Strategy((token: string, done: Done) => {
      checked();
      done(null, token === 'right-token' && USER);
    }),
  request: (isRight) => bearer(isRight ? 'right-token' : 'wrong-token'),
  secrets: ['right-token', 'wrong-token'],
});
