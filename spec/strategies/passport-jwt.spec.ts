import { expect } from 'chai';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Lockout, withLockout } from '../../lib/index.js';
import { signJwt } from '../support/fixtures/jwt.js';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { describeTokenLock } from '../support/sites/locking.js';

const OPTIONS = { jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: 'key' };
const withToken = (token: string) => request({ headers: { authorization: `Bearer ${token}` } });
const RIGHT = signJwt({ sub: 'alice', iat: 1 }, 'key');
const REVOKED = signJwt({ sub: 'mallory', iat: 1 }, 'key');

describeDifferential('passport-jwt', {
  variants: {
    plain: { arity: 2, create: (verify) => new Strategy(OPTIONS, verify) },
    'with the request': { arity: 3, create: (verify) => new Strategy({ ...OPTIONS, passReqToCallback: true }, verify) },
  },
  request: () => withToken(RIGHT),
  others: {
    'no token': () => request(),
    nonsense: () => withToken('nonsense'),
    'another key': () => withToken(signJwt({ sub: 'alice' }, 'guess')),
    'an expired token': () => withToken(signJwt({ sub: 'alice', exp: 1 }, 'key')),
  },
});

const create = (checked: () => void) =>
  new Strategy(OPTIONS, ({ sub }: { sub: string }, done: Done) => {
    checked();
    done(null, sub === 'alice' && USER);
  });

describeTokenLock('passport-jwt', {
  create,
  request: (isRight) => withToken(isRight ? RIGHT : REVOKED),
  secrets: [RIGHT, REVOKED, 'alice', 'mallory'],
});

describe('passport-jwt', () => {
  it('counts a name of the payload with the option username', async () => {
    const lockout = new Lockout();
    const username = ({ args }: { args: readonly unknown[] }) => (args[0] as { sub: string }).sub;
    drive(
      withLockout(
        create(() => undefined),
        lockout,
        { username },
      ),
      withToken(REVOKED),
    );
    expect((await lockout.status({ username: 'mallory' })).failures).to.equal(1);
  });

  it('does not count a token with a bad signature, which cannot be guessed', async () => {
    const lockout = new Lockout();
    const inner = create(() => undefined);
    const strategy = withLockout(inner, lockout);
    expect(drive(strategy, withToken('nonsense')).actions[0]?.[0]).to.equal('fail');
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });
});
