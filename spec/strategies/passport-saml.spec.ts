import {
  ISSUER,
  logoutRequest,
  logoutResponse,
  PROVIDER_KEY,
  postedResponse,
} from '../support/servers/saml-provider.js';
import {
  type Done,
  describeDifferential,
  type Request,
  request,
  type StrategyConstructor,
  USER,
  type Verify,
} from '../support/sites/differential.js';
import { describeRedirectFlow } from '../support/sites/locking.js';
import { countingCompressions, compressionsUnderWay as underWay } from '../support/tools/compressions.js';

const { Strategy: SamlStrategy } = await countingCompressions(() => import('@node-saml/passport-saml'));
const Strategy = SamlStrategy as unknown as StrategyConstructor;
const OPTIONS = {
  entryPoint: `${ISSUER}/sso`,
  callbackUrl: 'https://app.example.org/callback',
  issuer: 'app',
  idpCert: PROVIDER_KEY,
  idpIssuer: ISSUER,
  wantAuthnResponseSigned: false,
};
const accept = (...args: unknown[]) => (args.at(-1) as Done)(null, USER);
/** Identifiers and times of what goes to the provider, which signs nothing of it here. */
const SENT = /SAML(Request|Response)=[^&']+/g;

const create = (options: object, verify: Verify) => new Strategy({ ...OPTIONS, ...options }, verify, accept);
const loggedIn = (req: Request): Request => ({ ...req, user: USER });

describeDifferential('@node-saml/passport-saml', {
  variants: {
    plain: { arity: 2, create: (verify) => create({}, verify) },
    'with the request': { arity: 3, create: (verify) => create({ passReqToCallback: true }, verify) },
    'under another name': { arity: 2, create: (verify) => create({ name: 'okta' }, verify) },
  },
  request: () => postedResponse(),
  others: {
    start: () => request(),
    'another name than was signed': () => postedResponse({ tamper: (xml) => xml.replace('alice', 'admin') }),
    'no signature': () => postedResponse({ tamper: (xml) => xml.replace(/<Signature.*<\/Signature>/s, '') }),
    'a response for another application': () => postedResponse({ audience: 'another' }),
    'an expired response': () => postedResponse({ expiresAt: '2021-01-01T00:00:00Z' }),
    'no XML': () => request({ body: { SAMLResponse: 'nonsense' } }),
    'the end of a logout, by redirect': () => logoutResponse(),
    'a forged end of a logout, by redirect': () => logoutResponse({ isForged: true }),
  },
  mask: SENT,
  underWay,
});

describeDifferential('@node-saml/passport-saml (logout by redirect)', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(OPTIONS, accept, verify) },
    'with the request': {
      arity: 3,
      create: (verify) => new Strategy({ ...OPTIONS, passReqToCallback: true }, accept, verify),
    },
  },
  request: () => loggedIn(logoutRequest()),
  others: {
    'of somebody else': () => logoutRequest(),
    'with a forged signature': () => loggedIn(logoutRequest({ isForged: true })),
  },
  mask: SENT,
  underWay,
});

describeRedirectFlow('@node-saml/passport-saml', {
  create: (accepts) => create({}, (_profile, done) => (done as Done)(null, accepts() && USER)),
  start: () => request(),
  callback: () => postedResponse(),
});
