import Strategy from 'passport-openidconnect';
import { signJwt } from '../support/fixtures/jwt.js';
import { PROVIDER, withProvider } from '../support/servers/oauth2-provider.js';
import {
  type Done,
  describeDifferential,
  request,
  USER,
  type Variant,
  type Verify,
} from '../support/sites/differential.js';
import { describeRedirectFlow } from '../support/sites/locking.js';

const ISSUER = 'https://provider.example.org';
const CLAIMS = { iss: ISSUER, sub: 'alice', aud: 'client', exp: 4e9, iat: 1 };
const store = {
  store: (_req: unknown, _ctx: unknown, _state: unknown, _meta: unknown, done: Done) => done(null, 'good'),
  verify: (_req: unknown, state: unknown, done: Done) =>
    state === 'good' ? done(null, {}, undefined) : done(null, false, { message: 'bad state' }),
};

function create(options: object, verify: Verify, claims: object = CLAIMS) {
  const strategy = new Strategy(
    { ...PROVIDER, issuer: ISSUER, userInfoURL: `${ISSUER}/me`, ...options, store },
    verify,
  );
  const tokens = { id_token: signJwt(claims, 'key') };
  return withProvider(strategy, { token: (done) => done(null, 'access', 'refresh', tokens) });
}

const of = (arity: number, options: object = {}, claims?: object): Variant => ({
  arity,
  create: (verify) => create(options, verify, claims),
});
/** As a provider with RFC 9207 redirects: the issuer is in the query, and no username. */
const callback = () => request({ query: { code: 'c', state: 'good', iss: ISSUER } });

describeDifferential('passport-openidconnect', {
  variants: {
    ...Object.fromEntries([3, 4, 5, 7, 8, 9].map((arity) => [`with ${arity} arguments`, of(arity)])),
    ...Object.fromEntries(
      [4, 5, 6, 8, 9, 10].map((arity) => [
        `with the request, ${arity} arguments`,
        of(arity, { passReqToCallback: true }),
      ]),
    ),
    'of another issuer': of(3, {}, { ...CLAIMS, iss: 'https://evil.example.org' }),
    'of an expired token': of(3, {}, { ...CLAIMS, exp: 2 }),
  },
  request: callback,
  others: {
    start: () => request(),
    'a wrong state': () => request({ query: { code: 'c', state: 'bad' } }),
    denied: () => request({ query: { error: 'access_denied', error_description: 'no' } }),
    'an error of the provider': () => request({ query: { error: 'server_error' } }),
  },
});

describeRedirectFlow('passport-openidconnect', {
  create: (accept) => create({}, (...args) => (args.at(-1) as Done)(null, accept() && USER)),
  start: () => request(),
  callback,
});
