import Strategy from 'passport-auth0';
import { callback, describeOAuth2, PROVIDER, withProvider } from '../support/servers/oauth2-provider.js';
import { type Done, describeDifferential, request, USER, type Verify } from '../support/sites/differential.js';
import { describeRedirectFlow } from '../support/sites/locking.js';

const OPTIONS = {
  domain: 'tenant.example.org',
  clientID: 'client',
  clientSecret: 's',
  callbackURL: PROVIDER.callbackURL,
};
const create = (options: object, verify: Verify) =>
  withProvider(new Strategy({ ...OPTIONS, store: PROVIDER.store, ...options }, verify));

// With a state it replaces its verify function in each request, by one that checks the ID token first.
describeOAuth2('passport-auth0', create);

describeDifferential('passport-auth0 without a state', {
  variants: { plain: { arity: 4, create: (verify) => create({ state: false }, verify) } },
  request: callback,
  others: { start: () => request(), 'a wrong ID token': () => ({ ...callback(), session: authorizing('openid') }) },
});

describeDifferential('passport-auth0 with an ID token', {
  variants: { plain: { arity: 5, create: (verify) => create({}, verify) } },
  request: () => ({ ...callback(), session: authorizing('profile') }),
  others: {
    'a wrong ID token': () => ({ ...callback(), session: authorizing('openid') }),
    'no session': () => ({ ...callback(), session: undefined }),
  },
});

function authorizing(scope: string) {
  return { authParams: { scope, nonce: 'n' } };
}

describeRedirectFlow('passport-auth0', {
  create: (accept) => create({}, (...args) => (args.at(-1) as Done)(null, accept() && USER)),
  start: () => request(),
  callback,
});
