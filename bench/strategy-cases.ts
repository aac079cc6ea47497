/** One good login for each kind of strategy that answers in the same turn, with a verify function that costs nothing. */
import { createHash } from 'node:crypto';
import { Strategy as CustomStrategy } from 'passport-custom';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { BasicStrategy, DigestStrategy } from 'passport-http';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt';
import { Strategy as ApiKeyStrategy } from 'passport-localapikey';
import magicLogin from 'passport-magic-login';
import ClientPasswordStrategy from 'passport-oauth2-client-password';
import { Strategy as RememberMeStrategy } from 'passport-remember-me';
import { Strategy as TotpStrategy } from 'passport-totp';
import { UniqueTokenStrategy } from 'passport-unique-token';
import type { StrategyLike, StrategyOptions } from '../lib/index.js';
import { signJwt } from '../spec/support/fixtures/jwt.js';
import { currentTotp, TOTP_KEY } from '../spec/support/fixtures/totp.js';
import type { StrategyConstructor } from '../spec/support/sites/differential.js';
import { createStrategy, RIGHT_PASSWORD } from './login.js';

export interface StrategyCase {
  readonly name: string;
  create(): StrategyLike;
  /** The parts of a request with good credentials, besides address and headers. */
  readonly parts: object;
  readonly strategyOptions?: StrategyOptions;
}

type Done = (error: unknown, ...values: unknown[]) => void;

const USER = { username: 'alice' };
const MagicLoginStrategy = (magicLogin as unknown as { default: StrategyConstructor }).default;

/** Accepts any arguments: some strategies pass the request, some the callback last. */
const accept = (...args: unknown[]) => (args.findLast((arg) => typeof arg === 'function') as Done)(null, USER);
const user = () => USER.username;
const authorization = (text: string) => ({ headers: { authorization: text } });
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const DIGEST = `Digest username="alice", realm="Users", nonce="abc", uri="/", response="${md5(`${md5(`alice:Users:${RIGHT_PASSWORD}`)}:abc:${md5('GET:/')}`)}"`;
const JWT = { secretOrKey: 'key', jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() };
const MAGIC_LINK = {
  secret: 'key',
  callbackUrl: '/callback',
  sendMagicLink: () => Promise.resolve(),
  verify: accept,
};
const HEADER = { header: 'Authorization', prefix: 'Api-Key ' };

export function createStrategyCases(): readonly StrategyCase[] {
  return [
    { name: 'local', create: createStrategy, parts: { body: { username: 'alice', password: RIGHT_PASSWORD } } },
    {
      name: 'http Basic',
      create: () => new BasicStrategy(accept),
      parts: authorization(`Basic ${Buffer.from(`alice:${RIGHT_PASSWORD}`).toString('base64')}`),
    },
    {
      name: 'http Digest',
      create: () => new DigestStrategy((_username: string, done: Done) => done(null, USER, RIGHT_PASSWORD)),
      parts: authorization(DIGEST),
    },
    { name: 'http-bearer', create: () => new BearerStrategy(accept), parts: authorization('Bearer a-token') },
    {
      name: 'jwt',
      create: () => new JwtStrategy(JWT, accept),
      parts: authorization(`Bearer ${signJwt({ sub: 'alice' }, 'key')}`),
    },
    {
      name: 'custom',
      create: () => new CustomStrategy(accept) as StrategyLike,
      parts: {},
      strategyOptions: { username: user },
    },
    {
      name: 'totp',
      create: () => new TotpStrategy((_user: unknown, done: Done) => done(null, TOTP_KEY, 30)),
      // Valid for as long as a run takes: the strategy accepts codes of the last three minutes.
      parts: { user: USER, body: { code: currentTotp() } },
      strategyOptions: { username: user },
    },
    {
      name: 'headerapikey',
      create: () => new HeaderAPIKeyStrategy(HEADER, false, accept) as StrategyLike,
      parts: authorization('Api-Key a-key'),
    },
    { name: 'localapikey', create: () => new ApiKeyStrategy(accept), parts: { body: { apikey: 'a-key' } } },
    {
      name: 'oauth2-client-password',
      create: () => new ClientPasswordStrategy(accept),
      parts: { body: { client_id: 'app', client_secret: RIGHT_PASSWORD } },
    },
    {
      name: 'magic-login',
      create: () => new MagicLoginStrategy(MAGIC_LINK),
      parts: { query: { token: signJwt({ destination: 'alice@example.org' }, 'key') } },
    },
    {
      name: 'unique-token',
      create: () => new UniqueTokenStrategy(accept as never) as StrategyLike,
      parts: { body: { token: 'a-token' }, params: {} },
    },
    {
      name: 'remember-me',
      create: () => new RememberMeStrategy(accept, (_user: unknown, done: Done) => done(null, 'a-new-token')),
      parts: { cookies: { remember_me: 'a-token' }, isAuthenticated: () => false, res: { cookie: () => undefined } },
    },
  ];
}
