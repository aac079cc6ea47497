/** What a store keeps of the sources of failures: bounded, bound to its record, never exposed. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore } from '../../lib/index.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const HOME = '203.0.113.1';
const CAFE = '198.51.100.7';
const ALICE = { username: 'alice' };
const OLD = 'the secret that has leaked, 32 characters';
const NEW = 'the secret that nobody knows yet, 32 chars';
const MANY = [{ failures: 1_000, cooloff: { hours: 1 } }];

describeOnEachStore('The sources of failures', ({ fresh }) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let lockout: Lockout;

  beforeEach(async () => {
    clock = new ManualClock();
    store = await fresh(clock.read);
    lockout = lockoutWith();
  });

  const lockoutWith = (options: LockoutOptions = {}) => new Lockout({ store, attemptLog: 'await', ...options });
  const attempt = async (ip: string, isRight: boolean, username = 'alice', on = lockout) =>
    (await on.protect({ username, ip }, () => isRight)).outcome;
  const fail = async (ip: string, times = 1, username = 'alice', on = lockout) => {
    for (let failure = 0; failure < times; failure += 1) await attempt(ip, false, username, on);
  };
  const failures = async (on = lockout) => (await on.status(ALICE)).failures;

  it('are forgotten with the failures: no login takes any of the next ones back', async () => {
    await fail(HOME, 2);
    clock.advance({ days: 7 });
    await fail(CAFE);

    await attempt(HOME, true);

    expect(await lockout.status(ALICE)).to.include({ failures: 1, takenBack: 0 });
    await attempt(CAFE, true);
    expect(await failures()).to.equal(0);
  });

  it('are distinguished for 64 addresses: failures of a further one stay, and those of the known ones are still taken back', async () => {
    lockout = lockoutWith({ tiers: MANY });
    for (let address = 1; address <= 65; address += 1) await fail(`198.51.100.${address}`);

    await attempt('198.51.100.65', true);
    await attempt('198.51.100.64', true);

    expect(await lockout.status(ALICE)).to.include({ failures: 64, places: 63, takenBack: 1 });
  });

  for (const [what, reset] of [
    ['erased', () => lockout.erase(ALICE)],
    ['unblocked', () => lockout.unblock(ALICE)],
    ['blocked and unblocked', () => lockout.block(ALICE, { for: 'forever' }).then(() => lockout.unblock(ALICE))],
    ['reset with everybody', () => lockout.reset({ all: true })],
  ] as const) {
    it(`are removed with the record of a user who is ${what}`, async () => {
      await fail(HOME, 2);

      await reset();
      await fail(CAFE);
      await attempt(HOME, true);

      expect(await lockout.status(ALICE)).to.include({ failures: 1, places: 1, takenBack: 0 });
    });
  }

  it('stay through a block, during which no login takes anything back', async () => {
    await fail(HOME, 2);
    await lockout.block(ALICE, { for: { hours: 1 } });

    expect(await attempt(HOME, true)).to.equal('refused');
    expect(await failures()).to.equal(2);

    clock.advance({ hours: 1 });
    await attempt(HOME, true);
    expect(await failures()).to.equal(0);
  });

  it('are still recognized after the pseudonymize secret has changed', async () => {
    await fail(HOME, 1, 'alice', lockoutWith({ pseudonymize: OLD }));
    const after = lockoutWith({ pseudonymize: { current: NEW, previous: [OLD] } });
    await fail(HOME, 1, 'Alice', after);

    await attempt(HOME, true, 'alice', after);

    expect(await after.status(ALICE)).to.include({ failures: 1, takenBack: 1 });
    await attempt(HOME, true, 'Alice', after);
    expect(await failures(after)).to.equal(0);
  });

  it('are in no event, response, status, log entry or list: neither the exact spelling nor a tag of it', async () => {
    lockout = lockoutWith({ attemptsLeft: true });
    const events = new EventLog(lockout);
    const spelling = 'aLiCe';
    const told: unknown[] = [];
    for (const isRight of [false, true, false, false, false, true]) {
      told.push(await lockout.protect({ username: spelling, ip: HOME }, () => isRight));
    }
    told.push(await lockout.status(ALICE), await lockout.status({ ip: HOME }));
    told.push(await lockout.list({ locked: false }), await lockout.attempts(), events.all);
    told.push(await store.read('username=alice'), await lockout.erase(ALICE));

    const text = inspect(told, { depth: null, maxArrayLength: null });

    expect(text).to.include('username_blocked');
    expect(text).not.to.include(spelling);
    expect(text).not.to.match(/sources|spelling|tag/i);
  });
});

describe('The sources of failures on a failing store', () => {
  it('are in no error, and break no login', async () => {
    const store = new SlowStore();
    const lockout = new Lockout({ store, attemptLog: 'off', onStoreError: 'allow' });
    const events = new EventLog(lockout);
    store.failing.settle = 'reject';

    const { outcome } = await lockout.protect({ username: 'aLiCe', ip: HOME }, () => true);

    expect(outcome).to.equal('succeeded');
    expect(events.count('store_error')).to.equal(2);
    expect(inspect(events.all, { depth: null })).not.to.include('aLiCe');
  });
});
