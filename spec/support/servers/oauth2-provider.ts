/** Strategies of the passport-oauth2 family over a provider without a network. */
import type { StrategyLike } from '../../../lib/index.js';
import { type Done, describeDifferential, type Request, request, type Verify } from '../sites/differential.js';

const stateStore = {
  store: (_req: unknown, done: Done) => done(null, 'good'),
  verify: (_req: unknown, state: unknown, done: Done) => done(null, state === 'good', { message: 'bad state' }),
};

export const PROVIDER = {
  authorizationURL: 'https://provider.example.org/authorize',
  tokenURL: 'https://provider.example.org/token',
  clientID: 'client',
  clientSecret: 'client-secret',
  callbackURL: 'https://app.example.org/callback',
  store: stateStore,
};

interface OAuth2 {
  getOAuthAccessToken: (code: string, params: object, done: Done) => unknown;
  get: (url: string, token: string, done: Done) => unknown;
}

/** What the provider answers, as its client library would call back. */
interface ProviderAnswers {
  readonly token?: (done: Done) => unknown;
  readonly profile?: object;
}

const PROFILE = { id: 7, sub: '7', user_id: '7', login: 'alice', name: 'Alice', email: 'alice@example.org' };

export function withProvider<T extends StrategyLike>(strategy: T, answers: ProviderAnswers = {}): T {
  const { token, profile = PROFILE } = answers;
  const { _oauth2 } = strategy as unknown as { readonly _oauth2: OAuth2 };
  _oauth2.getOAuthAccessToken = (_code, _params, done) =>
    token ? token(done) : done(null, 'access', 'refresh', { id_token: 'id' });
  _oauth2.get = (_url, _token, done) => done(null, JSON.stringify(profile), {});
  return strategy;
}

export const callback = (): Request => request({ query: { code: 'c', state: 'good' } });

/** What holds for all of the family: its verify is called by its length. */
export function describeOAuth2(name: string, create: (options: object, verify: Verify) => StrategyLike): void {
  describeDifferential(name, {
    variants: {
      plain: { arity: 4, create: (verify) => create({}, verify) },
      'with parameters': { arity: 5, create: (verify) => create({}, verify) },
      'with the request': { arity: 5, create: (verify) => create({ passReqToCallback: true }, verify) },
      'with the request and parameters': { arity: 6, create: (verify) => create({ passReqToCallback: true }, verify) },
    },
    request: callback,
    others: {
      start: () => request(),
      'a wrong state': () => request({ query: { code: 'c', state: 'bad' } }),
      denied: () => request({ query: { error: 'access_denied', error_description: 'no' } }),
      'an error of the provider': () => request({ query: { error: 'server_error' } }),
    },
    mask: /(nonce)=[\w-]+/g,
  });
}
