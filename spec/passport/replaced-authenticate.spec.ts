/** What is put in the place of a wrapper's `authenticate`: by tracing agents, by spies of tests, and by another lockout around it. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { guarded, LIMIT_3, local, ON_STORES, request, wrong } from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Works on its own instance alone. */
class Private {
  declare fail: (challenge: unknown) => void;
  readonly name = 'private';
  readonly #realm = 'Users';
  readonly _verify = sinon.spy((_username: string, _password: string, done: () => void) => done());

  authenticate({ body }: ReturnType<typeof request>): void {
    const challenge = this.#realm;
    this._verify(body.username, body.password, () => this.fail(challenge));
  }
}

class AsyncPrivate extends Private {
  readonly #delay = Promise.resolve();

  override async authenticate(req: ReturnType<typeof request>): Promise<void> {
    await this.#delay;
    super.authenticate(req);
  }
}

async function answers(strategy: StrategyLike, times: number, direct: boolean): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let time = 1; time <= times; time += 1) {
    const { actions, thrown } = drive(strategy, request(), { direct });
    await until(() => thrown !== undefined || actions.length > 0);
    all.push(thrown ?? [actions[0]?.[0], actions[0]?.[2]]);
  }
  return all;
}

const FAIL = ['fail', undefined];
const REFUSED = ['fail', 429];

const username: StrategyOptions['username'] = ({ req }) => (req as ReturnType<typeof request>).body.username;
const GUARDED: readonly (readonly [what: string, options: StrategyOptions, stores: typeof ON_STORES])[] = [
  ['its verify function', {}, ON_STORES],
  // Behind the gate of a store that answers later the inner one ends with an error instead: see private-members.spec.ts.
  ['the whole of it', { username, guard: 'authenticate' }, ON_STORES.slice(0, 1)],
];

for (const [what, options, stores] of GUARDED) {
  for (const [storeName, storeOptions] of stores) {
    for (const Class of [Private, AsyncPrivate]) {
      for (const count of [2, 3]) {
        it(`X19 counts in each of ${count} lockouts that guard ${what}, of one ${Class.name} with #private members, on ${storeName}`, async () => {
          const lockouts = Array.from({ length: count }, () => new Lockout({ ...LIMIT_3, ...storeOptions() }));
          const inner = new Class();
          const strategy = lockouts.reduce<StrategyLike>((around, one) => withLockout(around, one, options), inner);
          expect(await answers(strategy, 4, true)).to.deep.equal([FAIL, FAIL, REFUSED, REFUSED]);
          expect(inner._verify.callCount).to.equal(3);
          for (const lockout of lockouts) {
            expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
          }
        });
      }
    }
  }
}

/** Calls what it takes the place of. */
const passOn = (method: Method, seen: () => void): Method =>
  function traced(...args) {
    seen();
    return Reflect.apply(method, this, args);
  };

const REPLACED: readonly (readonly [how: string, replace: (strategy: StrategyLike, seen: () => void) => void])[] = [
  [
    'assigned',
    (strategy, seen) => Object.assign(strategy, { authenticate: passOn(strategy.authenticate as Method, seen) }),
  ],
  [
    'defined',
    (strategy, seen) => {
      const value = passOn(strategy.authenticate as Method, seen);
      Object.defineProperty(strategy, 'authenticate', { value, configurable: true });
    },
  ],
  [
    'assigned twice',
    (strategy, seen) => {
      const once = passOn(strategy.authenticate as Method, () => undefined);
      Object.assign(strategy, { authenticate: once });
      Object.assign(strategy, { authenticate: passOn(strategy.authenticate as Method, seen) });
    },
  ],
];

for (const [how, replace] of REPLACED) {
  it(`X19 runs it on a class with #private members, given to Passport directly, when it is ${how} and calls the one before`, async () => {
    const seen = sinon.spy();
    const inner = new Private();
    const strategy = withLockout(inner as StrategyLike, LIMIT_3);
    replace(strategy, seen);
    expect(await answers(strategy, 4, true)).to.deep.equal([FAIL, FAIL, REFUSED, REFUSED]);
    expect(inner._verify.callCount).to.equal(3);
    expect(seen.called).to.equal(true);
  });
}

for (const direct of [false, true]) {
  const used = direct ? 'given to Passport directly' : 'used by name';
  for (const [how, replace] of REPLACED) {
    it(`runs an authenticate that is ${how} on a wrapper and calls the one before, and guards once, ${used}`, async () => {
      const seen = sinon.spy();
      const verify = sinon.spy(wrong);
      const strategy = guarded(verify, LIMIT_3);
      replace(strategy, seen);
      expect(await answers(strategy, 4, direct)).to.deep.equal([FAIL, FAIL, REFUSED, REFUSED]);
      expect([seen.callCount, verify.callCount]).to.deep.equal([4, 3]);
    });
  }

  it(`guards again after a request that the lockout has skipped, ${used}`, async () => {
    let skips = true;
    const verify = sinon.spy(wrong);
    const strategy = guarded(verify, { ...LIMIT_3, skip: () => skips });
    Object.assign(strategy, { authenticate: passOn(strategy.authenticate as Method, () => undefined) });
    await answers(strategy, 1, direct);
    skips = false;
    expect(await answers(strategy, 4, direct)).to.deep.equal([FAIL, FAIL, REFUSED, REFUSED]);
    expect(verify.callCount).to.equal(4);
  });

  it(`guards an authenticate that is put on a wrapper and goes past the one before, ${used}`, async () => {
    const verify = sinon.spy(wrong);
    const inner = local(verify);
    const own = inner.authenticate as Method;
    const strategy = withLockout(inner, LIMIT_3);
    Object.assign(strategy, { authenticate: passOn(own, () => undefined) });
    expect(await answers(strategy, 4, direct)).to.deep.equal([FAIL, FAIL, REFUSED, REFUSED]);
    expect(verify.callCount).to.equal(3);
  });

  it(`takes a spy of a test, shows it, and is as before when it is restored, ${used}`, async () => {
    const strategy = guarded(wrong, LIMIT_3);
    const before = strategy.authenticate;
    const spy = sinon.spy(strategy, 'authenticate');
    expect(await answers(strategy, 2, direct)).to.deep.equal([FAIL, FAIL]);
    expect(spy.callCount).to.equal(2);
    expect(strategy.authenticate).to.have.property('callCount', 2);
    spy.restore();
    expect(strategy.authenticate).to.equal(before);
    expect(await answers(strategy, 2, direct)).to.deep.equal([REFUSED, REFUSED]);
  });
}
