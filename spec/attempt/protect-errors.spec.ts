/** `protect` around a verify that throws, and around an isFailure that does. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type ProtectOptions, type ProtectOutcome } from '../../lib/index.js';
import { NO_VERDICT, WRONG } from '../support/fixtures/verdict-errors.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const ALICE = { username: 'alice' };
const LIMIT_3 = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] } as const;
const NOTHING = { failures: 0, verifying: 0, locked: false };

class WrongPassword extends Error {}

let nextAddress = 0;
/** From ever new addresses: an attempt without a verdict makes its own pause. */
const guess = () => {
  nextAddress += 1;
  return { ...ALICE, ip: `203.0.113.${nextAddress % 256}` };
};

describe('protect with a verify that throws', () => {
  const rejection = (lockout: Lockout, error: unknown, options: ProtectOptions<unknown> = {}): Promise<unknown> =>
    lockout.protect(guess(), () => Promise.reject(error), options).catch((thrown: unknown) => thrown);

  for (const [what, create] of WRONG) {
    it(`X14 counts an error with ${what}, and rethrows it`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const error = create();
      expect(await rejection(lockout, error)).to.equal(error);
      expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    });
  }

  for (const [what, create] of NO_VERDICT) {
    it(`X14 does not count an error with ${what}, and rethrows it`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const error = create();
      for (let index = 0; index < 4; index += 1) expect(await rejection(lockout, error)).to.equal(error);
      expect(await lockout.status(ALICE)).to.include(NOTHING);
    });
  }

  it('X14 reports the lock for the error that locks, and verifies nothing after it', async () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const wrong = Object.assign(new Error('wrong'), { status: 401 });
    await rejection(lockout, wrong);
    await rejection(lockout, wrong);

    const third = await rejection(lockout, wrong);
    expect(third).to.deep.include({ outcome: 'refused' });
    expect(third).to.have.nested.property('locked.code', 'ERR_LOCKOUT_LOCKED');
    expect(await lockout.protect(ALICE, () => true)).to.deep.equal(third);
    expect(events.count('attempt_failed')).to.equal(3);
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('X14 passes to isFailure what was thrown or returned', async () => {
    const lockout = new Lockout(LIMIT_3);
    const seen: ProtectOutcome<unknown>[] = [];
    const isFailure = (outcome: ProtectOutcome<unknown>) => {
      seen.push(outcome);
      return outcome.error instanceof WrongPassword || undefined;
    };
    const [wrong, down] = [new WrongPassword(), new Error('the database is down')];
    expect(await rejection(lockout, wrong, { isFailure })).to.equal(wrong);
    expect(await rejection(lockout, down, { isFailure })).to.equal(down);
    expect(await lockout.status(ALICE)).to.include({ failures: 1 });

    expect(await lockout.protect(ALICE, () => null, { isFailure })).to.include({ outcome: 'failed' });
    expect(seen).to.deep.equal([
      { value: undefined, error: wrong },
      { value: undefined, error: down },
      { value: null, error: undefined },
    ]);
  });
});

describe('protect with an isFailure that fails', () => {
  const boom = new Error('a bug in isFailure');
  const throwing = () => {
    throw boom;
  };

  for (const [storeName, storeOptions] of [
    ['the memory store', {}],
    ['an asynchronous store', { store: new SlowStore() }],
  ] as const) {
    it(`X21 throws what isFailure throws, counts nothing and gives the slot back, on ${storeName}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, ...storeOptions });
      for (const verify of [() => true, () => false, () => Promise.reject(new Error('down'))]) {
        for (let index = 0; index < 4; index += 1) {
          const result = await lockout
            .protect<boolean>(guess(), verify, { isFailure: throwing })
            .catch((error: unknown) => error);
          expect(result).to.equal(boom);
        }
      }
      expect(await lockout.status(ALICE)).to.include(NOTHING);
    });
  }

  for (const [how, promise] of [
    ['answers with a promise', async () => false],
    ['rejects', async () => Promise.reject(boom)],
  ] as const) {
    it(`X21 throws an explanatory error if isFailure ${how}, and gives the slot back`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const isFailure = promise as unknown as () => boolean;
      const result = await lockout.protect(ALICE, () => true, { isFailure }).catch((error: unknown) => error);
      expect(result).to.be.instanceOf(LockoutConfigError);
      expect((result as Error).message).to.match(/^options\.isFailure: expected a synchronous function, got a promise/);
      expect(await lockout.status(ALICE)).to.include(NOTHING);
    });
  }

  it('X21 calls isFailure once for each attempt', async () => {
    let asked = 0;
    const isFailure = () => {
      asked += 1;
      return false;
    };
    await new Lockout(LIMIT_3).protect(ALICE, () => true, { isFailure });
    expect(asked).to.equal(1);
  });
});
