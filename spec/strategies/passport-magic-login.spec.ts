import magicLogin from 'passport-magic-login';
import { signJwt } from '../support/fixtures/jwt.js';
import {
  type Done,
  describeDifferential,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { describeTokenLock } from '../support/sites/locking.js';

const Strategy = (magicLogin as unknown as { default: StrategyConstructor }).default;
const OPTIONS = { secret: 'key', callbackUrl: '/callback', sendMagicLink: () => Promise.resolve() };
const link = (token: unknown) => request({ query: { token } });
const RIGHT = signJwt({ destination: 'alice@example.org', code: '1', iat: 1 }, 'key');
const UNKNOWN = signJwt({ destination: 'mallory@example.org', code: '1', iat: 1 }, 'key');

describeDifferential('passport-magic-login', {
  variants: { plain: { arity: 3, create: (verify) => new Strategy({ ...OPTIONS, verify }) } },
  request: () => link(RIGHT),
  others: {
    'no token': () => request(),
    nonsense: () => link('nonsense'),
    'another key': () => link(signJwt({ destination: 'alice@example.org' }, 'guess')),
    'in the body': () => request({ body: { token: RIGHT } }),
  },
});

describeTokenLock('passport-magic-login', {
  create: (checked) =>
    new Strategy({
      ...OPTIONS,
      verify: ({ destination }: { destination: string }, done: Done) => {
        checked();
        done(null, destination.startsWith('alice') && USER);
      },
    }),
  request: (isRight) => link(isRight ? RIGHT : UNKNOWN),
  secrets: [RIGHT, UNKNOWN],
});
