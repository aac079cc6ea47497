import { expect } from 'chai';
import LdapStrategy from 'passport-ldapauth';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { describeLdap } from '../support/servers/describe-ldap.js';
import { freePort, LdapServer } from '../support/servers/ldap-server.js';
import {
  type Done,
  INFO,
  quiet,
  type Request,
  request,
  type StrategyConstructor,
  USER,
} from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';
import { until } from '../support/tools/until.js';

const Strategy = LdapStrategy as unknown as StrategyConstructor;
const login = (username: unknown, password: unknown) =>
  request({ body: { username, password, user: username, word: password } });
const right = (username: string) => login(username, 'right');
const wrong = (username: string) => login(username, 'wrong');

async function actionsOf(strategy: StrategyLike, req: Request) {
  const { actions } = drive(strategy, req);
  await until(() => actions.length > 0);
  await quiet(() => actions.length);
  return actions;
}

/** Errors of two connections are two objects. */
async function endOf(create: () => StrategyLike, req: Request): Promise<unknown> {
  const [[name, ...args] = []] = await actionsOf(create(), req);
  return [name, ...args.map((arg) => (arg instanceof Error ? arg.constructor.name : arg))];
}

describeLdap('passport-ldapauth over a real directory', () => {
  let server: LdapServer;
  let deadPort: number;

  before(async () => {
    server = await LdapServer.start({ alice: 'right', bob: 'right', 'alice smith': 'right' });
    deadPort = await freePort();
  });
  after(() => server?.stop());

  const down = () => ({ ...server.options, url: `ldap://127.0.0.1:${deadPort}` });
  const options = (more: object = {}) => ({ server: server.options, ...more });
  const accept = (_user: unknown, done: Done) => done(null, USER, INFO);
  const lookup = (req: unknown) => {
    const { body } = req as { readonly body?: Readonly<Record<string, unknown>> };
    return body && { name: body['user'], pass: body['word'] };
  };

  const CONSTRUCTIONS: Readonly<Record<string, () => StrategyLike>> = {
    'object options': () => new Strategy(options(), accept),
    'no verify': () => new Strategy(options()),
    'a verify that refuses': () => new Strategy(options(), (_user: unknown, done: Done) => done(null, false, INFO)),
    'a verify with an error': () => new Strategy(options(), (_user: unknown, done: Done) => done(INFO)),
    'the request': () =>
      new Strategy(options({ passReqToCallback: true }), (_req: unknown, _user: unknown, done: Done) =>
        done(null, USER),
      ),
    'an options function of 1 parameter': () => new Strategy((done: Done) => done(null, options()), accept),
    'an options function of 2 parameters': () =>
      new Strategy((_req: unknown, done: Done) => void setImmediate(done, null, options()), accept),
    'an options function with an error': () => new Strategy((_req: unknown, done: Done) => done(INFO), accept),
    'fields of its own': () => new Strategy(options({ usernameField: 'user', passwordField: 'word' }), accept),
    credentialsLookup: () => new Strategy(options({ credentialsLookup: lookup }), accept),
    'a directory that is down': () => new Strategy({ server: down() }, accept),
    'a directory that is down, as a failure': () =>
      new Strategy({ server: down(), handleErrorsAsFailures: true }, accept),
  };
  const REQUESTS: Readonly<Record<string, () => Request>> = {
    right: () => right('alice'),
    'a wrong password': () => wrong('alice'),
    'nobody of that name': () => right('mallory'),
    'no password': () => login('alice', undefined),
    'an empty password': () => login('alice', ''),
    'no username': () => login(undefined, 'right'),
    'no body': () => request({ body: undefined }),
  };

  for (const [construction, create] of Object.entries(CONSTRUCTIONS)) {
    for (const [title, makeRequest] of Object.entries(REQUESTS)) {
      it(`behaves like the plain strategy with ${construction}: ${title}`, async () => {
        const plain = await endOf(create, makeRequest());
        for (const [, createStore] of STORES_BY_TURN) {
          const wrapped = () => withLockout(create(), { store: createStore() });
          expect(await endOf(wrapped, makeRequest())).to.deep.equal(plain);
        }
      });
    }
  }

  const LIMIT_3: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };
  const LOCKABLE = [
    'object options',
    'an options function of 1 parameter',
    'an options function of 2 parameters',
    'credentialsLookup',
  ] as const;

  for (const [storeName, createStore] of STORES_BY_TURN) {
    for (const construction of LOCKABLE) {
      it(`F31 locks with ${construction}, and sends no bind to the directory while locked, on ${storeName}`, async () => {
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        const strategy = withLockout((CONSTRUCTIONS[construction] as () => StrategyLike)(), lockout);
        const before = { alice: server.binds('alice'), bob: server.binds('bob') };
        const ends: unknown[] = [];
        for (const req of [wrong('alice'), wrong('alice'), wrong('alice'), right('alice'), right('bob')]) {
          const [[name, , status] = []] = await actionsOf(strategy, req);
          ends.push(`${name} ${status}`);
        }
        expect(ends.slice(0, 4)).to.deep.equal(['fail 401', 'fail 401', 'fail 429', 'fail 429']);
        expect(ends[4]).to.match(/^success/);
        await server.hasBinds('bob', before.bob + 1);
        expect(server.binds('alice') - before.alice).to.equal(3);
      });
    }

    it(`X5 locks a name with a blank in it, however many blanks a client sends, on ${storeName}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
      const strategy = withLockout(new Strategy(options(), accept), lockout);
      const before = server.binds('alice smith');
      const names = Array.from({ length: 20 }, (_, blanks) => `alice${' '.repeat(blanks + 1)}smith`);
      for (const name of names) await actionsOf(strategy, wrong(name));
      const [[, , status] = []] = await actionsOf(strategy, right('alice  smith'));
      expect(status).to.equal(429);
      await server.hasBinds('alice smith', before + 3);
      expect(server.binds('alice smith') - before).to.equal(3);
    });

    it(`counts a wrong password and resets at the right one, on ${storeName}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
      const strategy = withLockout(new Strategy(options(), accept), lockout);
      for (const req of [wrong('alice'), wrong('alice')]) await actionsOf(strategy, req);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
      await actionsOf(strategy, right('alice'));
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });

    it(`counts neither a missing password nor a directory that is down, on ${storeName}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
      const creates = ['object options', 'a directory that is down', 'a directory that is down, as a failure'];
      for (const construction of creates) {
        const strategy = withLockout((CONSTRUCTIONS[construction] as () => StrategyLike)(), lockout);
        const password = construction === 'object options' ? '' : 'wrong';
        await Promise.all(Array.from({ length: 4 }, () => actionsOf(strategy, login('alice', password))));
      }
      expect((await lockout.list({ locked: false })).items.filter(({ failures }) => failures > 0)).to.deep.equal([]);
    });
  }
});
