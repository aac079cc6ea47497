import OAuth2Strategy from 'passport-oauth2';
import { callback, describeOAuth2, PROVIDER, withProvider } from '../support/servers/oauth2-provider.js';
import { type Done, describeDifferential, INFO, request, USER, type Verify } from '../support/sites/differential.js';
import { describeRedirectFlow } from '../support/sites/locking.js';

const create = (options: object, verify: Verify) =>
  withProvider(new OAuth2Strategy({ ...PROVIDER, ...options }, verify));

describeOAuth2('passport-oauth2', create);

describeDifferential('passport-oauth2 with a failing provider', {
  variants: {
    plain: {
      arity: 4,
      create: (verify) =>
        withProvider(new OAuth2Strategy(PROVIDER, verify), { token: (done: Done) => done({ statusCode: 500 }) }),
    },
    'without a profile': {
      arity: 4,
      create: (verify) => {
        const strategy = create({}, verify) as unknown as { userProfile: unknown };
        strategy.userProfile = (_token: string, done: Done) => done(INFO);
        return strategy as never;
      },
    },
  },
  request: callback,
  others: {},
});

describeDifferential('passport-oauth2 with PKCE and the session', {
  variants: {
    plain: { arity: 4, create: (verify) => create({ store: undefined, state: true, pkce: true }, verify) },
  },
  request: () =>
    request({
      query: { code: 'c', state: 's' },
      session: { 'oauth2:provider.example.org': { state: { handle: 's', code_verifier: 'v' } } },
    }),
  others: { start: () => request(), 'without a session': () => request({ session: undefined }) },
  mask: /(code_challenge|state)=[\w-]+/g,
});

describeRedirectFlow('passport-oauth2', {
  create: (accept) => create({}, (_a, _r, _p, done) => (done as Done)(null, accept() && USER)),
  start: () => request(),
  callback,
});
