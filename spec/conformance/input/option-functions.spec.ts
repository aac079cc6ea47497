/** Functions of the options that throw, reject or answer wrongly: an error where it is due, no open door, no slot lost, no dead process. */
import { expect } from 'chai';
import {
  Lockout,
  LockoutConfigError,
  type LockoutOptions,
  type LockoutStore,
  MemoryStore,
  withLockout,
} from '../../../lib/index.js';
import { drive } from '../../support/sites/drive.js';
import { PasswordCheck } from '../../support/sites/password-strategy.js';
import { SlowStore } from '../../support/stores/slow-store.js';
import { until } from '../../support/tools/until.js';

const BOOM = new Error('boom');
const REQUEST = { ip: '203.0.113.9', headers: {}, body: { username: 'alice', password: 'x' } };
const ALICE = { username: 'alice', ip: '203.0.113.9', req: REQUEST };
const RESPONSE = { headersSent: false, setHeader() {}, getHeader: () => undefined, end() {} };

/** An option whose function comes to this. */
type With = (fn: () => unknown) => LockoutOptions;

const field = (fn: () => unknown) => ({ field: () => fn() }).field as never;
/** Asked before anything is verified. */
const BEFORE: Readonly<Record<string, With>> = {
  tiers: (fn) => ({ tiers: fn as never }),
  dimensions: (fn) => ({ dimensions: fn as never }),
  'a counted function': (fn) => ({ dimensions: ['username', field(fn)] }),
  skip: (fn) => ({ skip: fn as never }),
  'allow.when': (fn) => ({ allow: { when: fn as never } }),
  'deny.when': (fn) => ({ deny: { when: fn as never } }),
  'restrictTo.when': (fn) => ({ restrictTo: { when: fn as never } }),
  canonicalUsername: (fn) => ({ canonicalUsername: fn as never }),
};
/** The address is not asked for where it is given. */
const OF_REQUESTS: Readonly<Record<string, With>> = { ...BEFORE, clientIp: (fn) => ({ clientIp: fn as never }) };
/** Asked before the request of an address is let through. */
const OF_ADDRESSES: Readonly<Record<string, With>> = {
  tiers: (fn) => ({ tiers: fn as never }),
  skip: (fn) => ({ skip: fn as never }),
  'allow.when': (fn) => ({ allow: { when: fn as never } }),
  'deny.when': (fn) => ({ deny: { when: fn as never } }),
  clientIp: (fn) => ({ clientIp: fn as never }),
};
/** Called when a refusal is answered. */
const TELLING: Readonly<Record<string, With>> = {
  locale: (fn) => ({ locale: fn as never }),
  page: (fn) => ({ respondWith: { page: fn as never } }),
};

const WAYS: readonly [way: string, fn: () => unknown][] = [
  [
    'throws',
    () => {
      throw BOOM;
    },
  ],
  [
    'rejects',
    async () => {
      throw BOOM;
    },
  ],
  ['answers with a promise', async () => true],
  ['answers with an object', () => ({ not: 'this' })],
  ['answers with a number', () => 5],
];

function expectDocumented(error: unknown): void {
  if (error !== BOOM) expect(error).to.be.instanceOf(LockoutConfigError);
}

/** An unhandled rejection is reported in a later turn; mocha fails the spec then. */
const laterTurns = async () => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
};

describe('An option function', () => {
  let check: PasswordCheck;
  const right = () => check.verified.push('alice') > 0;

  beforeEach(() => {
    check = new PasswordCheck();
  });

  for (const [way, fn] of WAYS) {
    for (const [option, withFunction] of Object.entries(BEFORE)) {
      it(`X35 that ${way} lets nobody in and loses no slot: ${option}, in protect`, async () => {
        const lockout = new Lockout({ dimensions: ['username', 'ip'], ...withFunction(fn) });

        const error = await lockout.protect(ALICE, right).catch((thrown: unknown) => thrown);
        await laterTurns();

        expectDocumented(error);
        expect(check.verified).to.deep.equal([]);
        const { items } = await lockout.list({ locked: false });
        expect(items.map(({ verifying }) => verifying)).to.deep.equal(items.map(() => 0));
      });
    }

    for (const [option, withFunction] of Object.entries(OF_REQUESTS)) {
      it(`X35 that ${way} causes an error and lets nobody in: ${option}, in a strategy`, async () => {
        const { actions, thrown } = drive(withLockout(check.strategy(), withFunction(fn)), REQUEST);
        await laterTurns();

        expectDocumented(thrown ?? actions.find(([action]) => action === 'error')?.[1]);
        expect(check.verified).to.deep.equal([]);
      });
    }

    for (const [option, withFunction] of Object.entries(OF_ADDRESSES)) {
      for (const [kind, Store] of [
        ['memory', MemoryStore],
        ['a slow store', SlowStore],
      ] as const) {
        it(`X35 that ${way} reaches next and does not crash the process: ${option}, in the middleware on ${kind}`, async () => {
          const lockout = new Lockout({ store: new Store(), dimensions: ['ip'], ...withFunction(fn) });
          const calls: unknown[][] = [];

          lockout.middleware()(REQUEST as never, RESPONSE as never, (...args) => calls.push(args));
          await until(() => calls.length > 0, 'next is called');
          await laterTurns();

          expect(calls.map((args) => args.length)).to.deep.equal([1]);
          expectDocumented(calls[0]?.[0]);
        });
      }
    }

    for (const [option, withFunction] of Object.entries(TELLING)) {
      it(`X35 that ${way} turns a refusal into an error, and lets nobody in: ${option}`, async () => {
        const lockout = new Lockout({ onLocked: 'respond', dimensions: ['ip'], ...withFunction(fn) });
        await lockout.block({ ip: REQUEST.ip }, { for: 'forever' });
        const req = { ...REQUEST, headers: { accept: 'text/html' }, res: RESPONSE };
        const passed: unknown[] = [];

        const { actions } = drive(withLockout(check.strategy(), lockout), req);
        lockout.middleware()(req as never, RESPONSE as never, (error) => passed.push(error));
        await laterTurns();

        expect(actions.map(([name]) => name)).to.deep.equal(['error']);
        for (const error of [actions[0]?.[1], ...passed]) expectDocumented(error);
        expect(passed).to.have.length(1);
        expect(check.verified).to.deep.equal([]);
      });
    }
  }

  it('X35 onLocked that rejects causes one error', async () => {
    const lockout = new Lockout({
      onLocked: async () => {
        throw BOOM;
      },
    });
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    const { actions } = drive(withLockout(check.strategy(), lockout), REQUEST);
    await laterTurns();
    expect(actions).to.deep.equal([['error', BOOM]]);
  });

  it('X35 onLocked that answers and then rejects counts as having answered', async () => {
    const lockout = new Lockout({
      onLocked: async (_info, actions) => {
        actions.fail('locked', 423);
        throw BOOM;
      },
    });
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    const { actions } = drive(withLockout(check.strategy(), lockout), REQUEST);
    await laterTurns();
    expect(actions).to.deep.equal([['fail', 'locked', 423]]);
  });

  for (const [way, isFailure] of WAYS.slice(0, 3)) {
    it(`X35 isFailure of protect that ${way} gives the slot back and discloses no verdict`, async () => {
      const lockout = new Lockout({ tiers: [{ failures: 1, cooloff: 'forever' }] });

      const error = await lockout
        .protect(ALICE, right, { isFailure: isFailure as never })
        .catch((thrown: unknown) => thrown);
      await laterTurns();

      expectDocumented(error);
      expect(await lockout.status({ username: 'alice' })).to.include({ verifying: 0, failures: 0 });
    });
  }

  it('X35 isFailure of protect is called once, so that the result is what was counted', async () => {
    const lockout = new Lockout();
    const verdicts = [true, false];
    const result = await lockout.protect(ALICE, right, { isFailure: () => verdicts.shift() as boolean });
    expect([result.outcome, verdicts]).to.deep.equal(['failed', [false]]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
  });

  for (const [way, onProgress] of WAYS.slice(0, 2)) {
    it(`X35 onProgress that ${way} ends the work with its error`, async () => {
      const lockout = new Lockout({ attemptLog: 'await' });
      await lockout.protect(ALICE, () => false);
      for (const work of [
        () => lockout.reset({ all: true, onProgress }),
        () => lockout.cleanup({ onProgress }),
        () => lockout.erase({ username: 'alice', onProgress }),
        () => lockout.removeAttempts({ all: true, onProgress }),
      ]) {
        expect(
          await work().then(
            () => 'done',
            (error: unknown) => error,
          ),
        ).to.equal(BOOM);
      }
      await laterTurns();
    });
  }

  for (const [way, clock] of [...WAYS, ['answers with NaN', () => Number.NaN] as const].filter(
    ([name]) => !/number/.test(name),
  )) {
    it(`X35 clock that ${way} makes the store fail, and lets nobody in`, async () => {
      const lockout = new Lockout({ store: new MemoryStore({ clock: clock as never }) });
      const errors: unknown[] = [];
      lockout.on('store_error', ({ error }) => errors.push(error.cause));

      const result = await lockout.protect(ALICE, right);
      await laterTurns();

      expect([result.outcome, check.verified.length]).to.deep.equal(['refused', 0]);
      for (const error of errors) expectDocumented(error);
    });
  }

  /** Without the step for several subjects. */
  function oneByOne(store: MemoryStore): LockoutStore {
    const { clock, attemptLog } = store;
    const members = { clock, attemptLog } as Record<string, unknown>;
    for (const name of ['reserve', 'settle', 'read', 'list', 'block', 'reset', 'erase', 'cleanup'] as const)
      members[name] = store[name].bind(store);
    for (const name of ['revokeDevices', 'resetLockedBy', 'close'] as const) members[name] = store[name].bind(store);
    return members as unknown as LockoutStore;
  }

  for (const [kind, none] of [
    ['at once', () => undefined],
    ['with a promise', async () => undefined],
  ] as const) {
    for (const method of ['reserve', 'settle'] as const) {
      it(`X35 of a store, ${method}, that returns nothing, ${kind}, is a failure of the store: nobody gets in and no slot is lost`, async () => {
        const store = new MemoryStore();
        const answer = store[method].bind(store) as (...args: unknown[]) => unknown;
        const ofName = (...args: [{ readonly dimension: string }]) =>
          args[0].dimension === 'username' ? none() : answer(...args);
        const lockout = new Lockout({
          store: { ...oneByOne(store), [method]: ofName },
          dimensions: ['ip', 'username'],
        });
        const causes: unknown[] = [];
        lockout.on('store_error', ({ error }) => causes.push((error.cause as Error).message));

        const { outcome } = await lockout.protect(ALICE, right);

        expect([outcome, check.verified.length]).to.deep.equal(['refused', method === 'reserve' ? 0 : 1]);
        expect(causes[0]).to.equal('expected a reply of the store, got undefined');
        expect(await lockout.status({ ip: REQUEST.ip })).to.include({ verifying: 0 });
        await lockout.close();
      });
    }
  }
});
