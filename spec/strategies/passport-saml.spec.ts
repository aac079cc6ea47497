import { Strategy as SamlStrategy } from '@node-saml/passport-saml';
import {
  type Done,
  describeDifferential,
  ERROR,
  request,
  type StrategyConstructor,
  USER,
  type Verify,
} from '../support/differential.js';
import { describeRedirectFlow } from '../support/locking.js';

const Strategy = SamlStrategy as unknown as StrategyConstructor;
const OPTIONS = {
  entryPoint: 'https://provider.example.org/sso',
  callbackUrl: 'https://app.example.org/callback',
  issuer: 'app',
  idpCert: 'MIIB',
};
const PROFILE = { nameID: 'alice', issuer: 'https://provider.example.org' };

/** The response of the provider is taken as checked: `_saml` answers without cryptography. */
function create(options: object, verify: Verify) {
  const strategy = new Strategy({ ...OPTIONS, ...options }, verify, (_profile: unknown, done: Done) =>
    done(null, USER),
  );
  const { _saml } = strategy as unknown as { readonly _saml: Record<string, unknown> };
  _saml['validatePostResponseAsync'] = async ({ SAMLResponse }: { readonly SAMLResponse: string }) => {
    if (SAMLResponse === 'bad') throw ERROR;
    return SAMLResponse === 'logout' ? { profile: null, loggedOut: true } : { profile: PROFILE, loggedOut: false };
  };
  return strategy;
}

const posted = (SAMLResponse: string) => request({ body: { SAMLResponse } });

describeDifferential('@node-saml/passport-saml', {
  variants: {
    plain: { arity: 2, create: (verify) => create({}, verify) },
    'with the request': { arity: 3, create: (verify) => create({ passReqToCallback: true }, verify) },
    'under another name': { arity: 2, create: (verify) => create({ name: 'okta' }, verify) },
  },
  request: () => posted('good'),
  others: { start: () => request(), 'a bad response': () => posted('bad'), 'a logout': () => posted('logout') },
  mask: /SAMLRequest=[^&']+/g,
});

describeRedirectFlow('@node-saml/passport-saml', {
  create: (accept) => create({}, (_profile, done) => (done as Done)(null, accept() && USER)),
  start: () => request(),
  callback: () => posted('good'),
});
