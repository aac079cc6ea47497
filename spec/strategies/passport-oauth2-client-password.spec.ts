import Strategy from 'passport-oauth2-client-password';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { describeCredentialLock } from '../support/sites/locking.js';

const client = (id: unknown, secret: unknown) => request({ body: { client_id: id, client_secret: secret } });

describeDifferential('passport-oauth2-client-password', {
  variants: {
    plain: { arity: 3, create: (verify) => new Strategy(verify) },
    'with the request': { arity: 4, create: (verify) => new Strategy({ passReqToCallback: true }, verify) },
  },
  request: () => client('app', 'x'),
  others: {
    'no body': () => request({ body: undefined }),
    'no secret': () => client('app', undefined),
    'an array for an id': () => client(['app'], 'x'),
  },
});

describeCredentialLock('passport-oauth2-client-password', {
  create: (checked) =>
    new Strategy((id: string, secret: string, done: Done) => {
      checked(id);
      done(null, secret === 'right' && USER);
    }),
  request: (id, isRight) => client(id, isRight ? 'right' : 'wrong'),
});
