import { expect } from 'chai';
import { BasicStrategy } from 'passport-http';
import { Strategy as LocalStrategy } from 'passport-local';
import Strategy from 'passport-oauth2-client-password';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { type Done, describeDifferential, request, USER } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
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
  alice: 'CLIENT:alice',
});

describe('passport-oauth2-client-password beside users:', () => {
  const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { minutes: 15 } }], dimensions: ['username'] };
  /** The secret of a client, and the password of a user. */
  const judge = (_name: string, secret: string, done: (error: null, user: object | false) => void) =>
    done(null, secret === 'right' && USER);
  const user = (username: string, password: string) => request({ body: { username, password } });
  const basic = (id: string, secret: string) =>
    request({ headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } });
  const endOf = (strategy: StrategyLike, req: ReturnType<typeof request>) => drive(strategy, req).actions.at(-1)?.[0];

  const CLIENTS = [
    { title: 'by its own strategy', strategy: () => new Strategy(judge), options: {}, request: client },
    { title: 'by HTTP Basic', strategy: () => new BasicStrategy(judge), options: { clients: true }, request: basic },
  ];
  for (const { title, strategy, options, request: attempt } of CLIENTS) {
    it(`X9 a client registered as alice forgives no guess at the user alice, ${title}`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const users = withLockout(new LocalStrategy(judge), lockout);
      const clients = withLockout(strategy(), lockout, options);
      for (const password of ['one', 'two']) {
        endOf(users, user('alice', password));
        expect(endOf(clients, attempt('alice', 'right'))).to.equal('success');
      }
      endOf(users, user('alice', 'three'));

      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
      expect(await lockout.status({ username: 'CLIENT:Alice' })).to.include({ failures: 0, locked: false });
    });

    it(`X9 a client registered as alice does not lock the user alice, ${title}`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const users = withLockout(new LocalStrategy(judge), lockout);
      const clients = withLockout(strategy(), lockout, options);
      for (const secret of ['one', 'two', 'three']) endOf(clients, attempt('alice', secret));

      expect(endOf(users, user('alice', 'right'))).to.equal('success');
      expect((await lockout.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: 'CLIENT:alice' }]);
      expect(await lockout.unblock({ username: 'CLIENT:alice' })).to.equal(true);
      expect(endOf(clients, attempt('alice', 'right'))).to.equal('success');
    });
  }

  it('X9 a user named CLIENT:alice is no client, even if the application keeps capitals', async () => {
    const lockout = new Lockout({ ...LIMIT_3, canonicalUsername: String });
    const users = withLockout(new LocalStrategy(judge), lockout);
    for (const password of ['one', 'two', 'three']) endOf(users, user('CLIENT:alice', password));

    expect((await lockout.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: 'client:alice' }]);
    expect(await lockout.status({ username: 'CLIENT:alice' })).to.include({ failures: 0 });
  });

  it('X9 protect counts clients separately, too', async () => {
    const lockout = new Lockout(LIMIT_3);
    for (const isClient of [true, true, true]) await lockout.protect({ username: 'alice', isClient }, () => false);

    expect((await lockout.protect({ username: 'alice' }, () => true)).outcome).to.equal('succeeded');
    expect((await lockout.protect({ username: 'ALICE', isClient: true }, () => true)).outcome).to.equal('refused');
  });
});
