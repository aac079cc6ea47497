/** Configurations that django-axes warns of at start. Here most are errors: what protects nothing must not start. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, MemoryStore, withLockout } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { drive } from '../../support/sites/drive.js';
import { ALICE } from '../../support/sites/login-site.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { EventLog } from '../../support/tools/events.js';

function errorOf(make: () => unknown): LockoutConfigError {
  try {
    make();
  } catch (error) {
    return error as LockoutConfigError;
  }
  throw new Error('expected an error, got none');
}

describe('A configuration', () => {
  const UNKNOWN_DIMENSIONS: readonly unknown[] = [['user'], ['ip', 'path'], [['ip', 'user']], [[]], [() => 'x']];
  for (const dimensions of UNKNOWN_DIMENSIONS) {
    it(`A108 throws with a dimension that does not exist: ${JSON.stringify(dimensions)}`, () => {
      const error = errorOf(() => new Lockout({ dimensions } as never));

      expect(error).to.be.instanceOf(LockoutConfigError).and.have.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
      expect(error.message).to.match(/^options\.dimensions\[\d\]: expected 'ip', 'username', 'userAgent', a function/);
    });
  }

  it('A143 throws if it protects no strategy; a child of a strategy is protected like its parent', () => {
    class Child extends LocalStrategy {}
    const strategy = withLockout(new Child((_name, _word, done) => done(null, false)), {
      tiers: [{ failures: 1, cooloff: { hours: 1 } }],
    });
    const request = { ip: ALICE.ip, body: { username: 'alice', password: 'x' } };
    expect(drive(strategy, request).actions[0]).to.deep.include('fail').and.include(429);

    for (const nothing of [undefined, 'local', {}, LocalStrategy]) {
      expect(errorOf(() => withLockout(nothing as never))).to.have.property('code', 'ERR_LOCKOUT_STRATEGY_INVALID');
    }
    const opaque = { name: 'opaque', authenticate: () => undefined };
    expect(errorOf(() => withLockout(opaque))).to.have.property('code', 'ERR_LOCKOUT_STRATEGY_OPAQUE');
  });

  it('A144 differs: throws with an option that does not exist (any more), and names the one that is probably meant', () => {
    const error = errorOf(() => new Lockout({ forgetafter: { hours: 1 }, failureLimit: 3 } as never));

    expect(error).to.have.property('code', 'ERR_LOCKOUT_OPTION_UNKNOWN');
    expect(error.message).to.include('options.forgetafter: there is no such option; did you mean forgetAfter?');
    expect(error.message).to.include('options.failureLimit: there is no such option');
  });

  const FUNCTIONS = ['username', 'canonicalUsername', 'clientIp', 'skip', 'isFailure'] as const;
  for (const option of FUNCTIONS) {
    it(`A145 differs: throws with a path instead of a function, and not with a function or nothing: ${option}`, () => {
      const error = errorOf(() => new Lockout({ [option]: 'module.path' } as never));

      expect(error.message).to.match(new RegExp(`^options\\.${option}: expected a function .*, got "module.path"`));
      new Lockout({ [option]: () => undefined } as never);
      new Lockout({});
    });
  }

  for (const [what, tiers] of [
    ['a string', '3/15min'],
    ['pairs', [[3, { minutes: 15 }]]],
    ['nothing', []],
  ] as const) {
    it(`A148 throws with invalid tiers: ${what}`, () => {
      const error = errorOf(() => new Lockout({ tiers } as never));

      expect(error).to.be.instanceOf(LockoutConfigError);
      expect(error.message).to.match(/^options\.tiers.*expected (a list of tiers|a tier|at least one tier)/);
    });
  }
});

describeMongo('A store for production', () => {
  let database: MongoDatabase;
  const environment = process.env['NODE_ENV'];
  before(async () => {
    database = await MongoDatabase.create();
    process.env['NODE_ENV'] = 'production';
  });
  after(async () => {
    process.env['NODE_ENV'] = environment;
    if (environment === undefined) delete process.env['NODE_ENV'];
    await database.drop();
  });

  it('A141 is recommended if none was chosen, and not if one was chosen, shared or not', async () => {
    const warnings: string[][] = [];
    for (const options of [{}, { store: new MemoryStore() }, { store: database.store() }]) {
      const events = new EventLog(new Lockout(options));
      await new Promise((resolve) => setImmediate(resolve));
      warnings.push(events.of('warning').map(({ code }) => code));
    }

    expect(warnings).to.deep.equal([['WARN_LOCKOUT_MEMORY_STORE'], [], []]);
  });
});
