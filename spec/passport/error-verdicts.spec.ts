/** Verify functions that say "wrong" by an error. */
import { expect } from 'chai';
import OAuth2Strategy from 'passport-oauth2';
import { Lockout, type LockoutOptions, type StrategyCall, type StrategyLike, withLockout } from '../../lib/index.js';
import { NO_VERDICT, WRONG } from '../support/fixtures/verdict-errors.js';
import { callback, PROVIDER, withProvider } from '../support/servers/oauth2-provider.js';
import { drive } from '../support/sites/drive.js';
import { type Done, guarded, guardedReturning, LIMIT_3, ON_STORES, request } from '../support/sites/guarded.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

/** The ways in which a verify function ends with an error. */
const WAYS: readonly (readonly [
  how: string,
  create: (error: unknown, options: LockoutOptions | Lockout) => StrategyLike,
])[] = [
  ['gives it to done', (error, options) => guarded((_username, _password, done) => done(error), options)],
  [
    'throws it',
    (error, options) =>
      guarded(() => {
        throw error;
      }, options),
  ],
  [
    'throws it through the strategy',
    (error, options) =>
      guardedReturning(() => {
        throw error;
      }, options),
  ],
  ['rejects with it through the strategy', (error, options) => guardedReturning(() => Promise.reject(error), options)],
];

let nextAddress = 0;

/** The outcome of one login, each from another address, as a client would see it. */
async function end(strategy: StrategyLike): Promise<unknown> {
  nextAddress += 1;
  const { actions, thrown, returned } = drive(strategy, { ...request(), ip: `203.0.113.${nextAddress % 256}` });
  if (thrown !== undefined) return thrown;
  let rejected: unknown;
  void Promise.resolve(returned).catch((error: unknown) => {
    rejected = error;
  });
  await until(() => actions.length > 0 || rejected !== undefined);
  if (rejected !== undefined) return rejected;
  const [name, first, status] = actions[0] ?? [];
  return name === 'error' ? first : [name, status];
}

const LOCKED = ['fail', 429];

describe('A verify function that ends with an error', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    for (const [how, create] of WAYS) {
      it(`X14 locks at the third error if it says "wrong" and ${how}, on ${storeName}`, async () => {
        const error = Object.assign(new Error('no'), { status: 401 });
        const strategy = create(error, { ...LIMIT_3, ...storeOptions() });
        const ends = [];
        for (let login = 0; login < 4; login += 1) ends.push(await end(strategy));
        expect(ends).to.deep.equal([error, error, LOCKED, LOCKED]);
      });
    }
  }

  for (const [what, create] of WRONG) {
    it(`X14 causes a failure if its error has ${what}`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const error = create();
      expect(await end(guarded((_username, _password, done) => done(error), lockout))).to.equal(error);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    });
  }

  for (const [what, create] of NO_VERDICT) {
    it(`X14 causes no failure if its error has ${what}`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const error = create();
      const strategy = guarded((_username, _password, done) => done(error), lockout);
      for (let login = 0; login < 4; login += 1) expect(await end(strategy)).to.equal(error);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });
  }

  it('X14 lets isFailure decide on what it threw', async () => {
    const seen: StrategyCall[] = [];
    const lockout = new Lockout({
      ...LIMIT_3,
      isFailure: (outcome) => {
        seen.push(outcome);
        return (outcome.args[0] as Error).message === 'wrong';
      },
    });
    for (const error of [new Error('wrong'), Object.assign(new Error('closed on Sundays'), { status: 403 })]) {
      const throwing = guardedReturning(() => {
        throw error;
      }, lockout);
      expect(await end(throwing)).to.equal(error);
      expect(seen.pop()).to.deep.include({ called: 'error', args: [error] });
    }
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  it('X14 causes no failure if it was not called before the error', async () => {
    const lockout = new Lockout(LIMIT_3);
    const error = Object.assign(new Error('no such tenant'), { status: 404 });
    const inner = {
      name: 'tenants',
      _verify: () => undefined,
      authenticate(this: { error(error: unknown): void }) {
        this.error(error);
      },
    };
    expect(await end(withLockout(inner as StrategyLike, lockout))).to.equal(error);
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });

  it('X14 causes no failure if a provider has judged the password', async () => {
    const lockout = new Lockout({ ...LIMIT_3, dimensions: ['ip'] });
    const error = Object.assign(new Error('not of our company'), { status: 403 });
    const verify = (_access: string, _refresh: string, _profile: object, done: Done) => done(error);
    const events = new EventLog(lockout);
    const strategy = withLockout(withProvider(new OAuth2Strategy(PROVIDER, verify)), lockout);
    for (let login = 0; login < 4; login += 1) {
      const { actions } = drive(strategy, callback());
      await until(() => actions.length > 0);
      expect(actions).to.deep.equal([['error', error]]);
    }
    expect(events.of('warning').filter(({ code }) => code === 'WARN_LOCKOUT_ONLY_ERRORS')).to.deep.equal([]);
    expect(await lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 0, verifying: 0 });
  });
});
