/** A new secret of `pseudonymize` neither frees anybody, nor grants new guesses, nor hides what was written before. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, LockoutStoreError, MemoryStore } from '../../lib/index.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';
import { randomFrom } from '../support/tools/random.js';

const OLD = 'the secret that has leaked, 32 characters';
const OLDER = 'the secret before that one, 32 characters';
const NEW = 'the secret that nobody knows yet, 32 chars';
const ALICE = { username: 'alice', ip: '203.0.113.9' };
const wrong = () => false;
const right = () => true;

describeOnEachStore('Rotation of the pseudonymize secret', ({ fresh }) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let before: Lockout;
  let after: Lockout;

  const lockoutOf = (pseudonymize: LockoutOptions['pseudonymize'], options: LockoutOptions = {}) =>
    new Lockout({ ...PATIENT, store, attemptLog: 'await', ...options, ...(pseudonymize && { pseudonymize }) });

  beforeEach(async () => {
    clock = new ManualClock();
    store = await fresh(clock.read);
    before = lockoutOf(OLD);
    after = lockoutOf({ current: NEW, previous: [OLD, OLDER] });
  });

  async function fail(lockout: Lockout, times: number): Promise<void> {
    for (let failure = 0; failure < times; failure += 1) await lockout.protect(ALICE, wrong);
  }

  it('leaves locked users locked', async () => {
    await fail(before, 3);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
    expect(await after.status({ username: 'alice' })).to.include({ locked: true, failures: 3, tier: 0 });
  });

  it('continues the count of earlier failures', async () => {
    await fail(before, 2);
    await fail(after, 1);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
    expect((await before.protect(ALICE, right)).outcome, 'a process with the old secret').to.equal('refused');
  });

  it('finds records made under a secret before the last', async () => {
    await fail(lockoutOf(OLDER), 3);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
  });

  it("X8 grants no five extra guesses at the owner's place, even when no failure is left", async () => {
    await fail(before, 2);
    await before.protect(ALICE, right);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 2 });

    await fail(after, 2);
    await after.protect(ALICE, right);

    expect(await after.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 4 });
    expect(await before.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 4 });
  });

  it('creates records under the new secret, too, so that the old secret can be dropped once its records are forgotten', async () => {
    await fail(before, 2);
    clock.advance({ days: 7 });
    await fail(after, 1);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 1 });
    expect(await lockoutOf(NEW).status({ username: 'alice' })).to.include({ failures: 1 });
    await fail(after, 2);
    expect((await lockoutOf(NEW).protect(ALICE, right)).outcome).to.equal('refused');
  });

  /** How many of these guesses are verified. */
  async function verified(...guesses: readonly Lockout[]): Promise<number> {
    let count = 0;
    for (const lockout of guesses) {
      await lockout.protect(ALICE, () => {
        count += 1;
        return false;
      });
    }
    return count;
  }
  const times = (count: number, ...lockouts: readonly Lockout[]) => Array(count).fill(lockouts).flat();

  it('X20 leaves one budget after an unblock, whether a process has the new or the old secret', async () => {
    await fail(before, 3);
    await after.unblock({ username: 'alice' });
    clock.advance({ seconds: 1 }); // lockCacheTtl: until then the other process believes in its lock
    expect(await verified(...times(6, after), ...times(6, before), ...times(6, after))).to.equal(3);
  });

  it('X20 leaves one budget for a new subject, whichever process begins', async () => {
    expect(await verified(after, after, before, ...times(6, before, after))).to.equal(3);
    await after.unblock({ username: 'alice' });
    clock.advance({ seconds: 1 });
    expect(await verified(before, after, ...times(6, after, before))).to.equal(3);
  });

  it('X20 leaves one budget for parallel guesses in processes of both secrets', async () => {
    let count = 0;
    const guess = (lockout: Lockout) =>
      lockout.protect(ALICE, async () => {
        count += 1;
        return false;
      });
    await Promise.all(times(20, before, after).map(guess));
    expect(count).to.equal(3);
  });

  it('X20 emits each failure, lock and unblock once', async () => {
    const events = new EventLog(after);
    await fail(after, 3);
    await after.unblock({ username: 'alice' });

    expect(events.count('username_blocked')).to.equal(1);
    expect(events.count('unblocked')).to.equal(1);
    expect(events.of('attempt_failed').map(({ subjects }) => subjects.map(({ parts }) => parts))).to.deep.equal(
      Array(3).fill([{ username: 'alice' }, { ip: ALICE.ip }]),
    );
  });

  it('X20 refuses a user blocked by an operator in processes of both secrets', async () => {
    await after.block({ username: 'alice' }, { for: { hours: 1 } });
    expect(await verified(before, after)).to.equal(0);
  });

  it('X20 creates unlock links that work under both secrets', async () => {
    const secret = 'signs links, and is 32 characters long';
    const links = lockoutOf({ current: NEW, previous: OLD }, { secret });
    await fail(links, 3);
    const token = await links.createUnlockToken({ username: 'alice' });
    expect(await links.redeemUnlockToken(token ?? '')).to.include({ outcome: 'unlocked' });
    expect(await links.redeemUnlockToken(token ?? '')).to.include({ outcome: 'over' });
    expect((await links.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('verifies no more than the limit in parallel, whichever secret the record has', async () => {
    await fail(before, 1);
    let verified = 0;
    const guess = () =>
      after.protect(ALICE, async () => {
        verified += 1;
        return false;
      });
    await Promise.all(Array.from({ length: 40 }, guess));
    expect(verified).to.equal(2);
  });

  it('emits one event per lock', async () => {
    await fail(before, 2);
    const events = new EventLog(after);
    await fail(after, 3);
    expect(events.of('username_blocked').map(({ parts }) => parts)).to.deep.equal([{ username: 'alice' }]);
  });

  it('lets an operator find, block, free and reset subjects recorded under the old secret', async () => {
    await fail(before, 3);
    expect((await after.list({ username: 'alice' })).items).to.have.length(1);
    expect(await after.block({ username: 'alice' }, { for: 'forever', by: 'carol' })).to.include({ failures: 3 });
    expect(await after.unblock({ username: 'alice' })).to.equal(true);
    expect(await after.unblock({ username: 'alice' })).to.equal(false);
    clock.advance({ seconds: 1 }); // lockCacheTtl: until then the other process believes in its lock
    await fail(before, 3);
    expect(await after.reset({ username: 'alice' })).to.deep.equal({ reset: 1, unblocked: 1 });
    expect((await after.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  for (const [what, free] of [
    ['reset', (lockout: Lockout) => lockout.reset({ username: 'alice' })],
    ['erase', (lockout: Lockout) => lockout.erase({ username: 'alice' })],
  ] as const) {
    it(`X20 emits once that ${what} has freed a user who was locked under both secrets`, async () => {
      await fail(after, 3);
      const events = new EventLog(after);
      await free(after);
      expect(events.of('unblocked').map(({ parts }) => parts)).to.deep.equal([{ username: 'alice' }]);
      expect((await after.protect(ALICE, right)).outcome).to.equal('succeeded');
    });
  }

  it('lists and erases the entries of both secrets, newest first, page by page', async () => {
    await fail(before, 2);
    clock.advance({ minutes: 1 });
    await after.protect(ALICE, right);
    const first = await after.attempts({ username: 'alice', limit: 2 });
    const second = await after.attempts({ username: 'alice', limit: 2, cursor: first.cursor as string });
    expect([...first.items, ...second.items].map(({ outcome }) => outcome)).to.deep.equal([
      'succeeded',
      'failed',
      'failed',
    ]);
    expect(second.cursor).to.equal(null);

    const { attempts } = await after.erase({ username: 'alice' });

    expect(attempts).to.equal(3);
    expect((await before.attempts({ username: 'alice' })).items).to.deep.equal([]);
  });

  it('creates links that free users locked under the old secret', async () => {
    const secret = 'signs links, and is 32 characters long';
    await fail(before, 3);
    const links = lockoutOf({ current: NEW, previous: OLD }, { secret });
    const token = await links.createUnlockToken({ username: 'alice' });
    expect(await links.redeemUnlockToken(token ?? '')).to.include({ outcome: 'unlocked' });
    expect((await links.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('keeps every name and address out of the store', async () => {
    await fail(after, 3);
    const { items } = await lockoutOf(undefined).list({ locked: false });
    expect(items).to.have.length(6);
    expect(JSON.stringify(items)).not.to.match(/alice|203\.0\.113/);
  });
});

describe('Rotation of the pseudonymize secret on a store whose answers overtake each other', () => {
  it('X20 emits each lock once, and verifies no more than the limit, whatever the order', async () => {
    const random = randomFrom(1);
    const store = new SlowStore({}, async () => {
      for (let turns = random() * 4; turns > 1; turns -= 1) await new Promise(setImmediate);
    });
    const options = { ...PATIENT, store, dimensions: ['username'], busyTimeout: { minutes: 1 } } as const;
    const secrets = [{ current: NEW, previous: OLD }, { current: NEW, previous: OLD }, OLD];
    const lockouts = secrets.map((pseudonymize) => new Lockout({ ...options, pseudonymize }));
    const told: (readonly [blocked: number, failed: number])[] = [];
    for (let burst = 0; burst < 100; burst += 1) {
      const username = `alice ${burst}`;
      let blocked = 0;
      const count = () => {
        blocked += 1;
      };
      for (const lockout of lockouts) lockout.on('username_blocked', count);
      const guesses = Array.from({ length: 9 }, (_, guess) =>
        (lockouts[guess % (burst % 2 === 0 ? 2 : 3)] as Lockout).protect({ username }, async () => {
          await new Promise(setImmediate);
          return false;
        }),
      );
      const outcomes = (await Promise.all(guesses)).map(({ outcome }) => outcome);
      for (const lockout of lockouts) lockout.off('username_blocked', count);
      told.push([blocked, outcomes.filter((outcome) => outcome === 'failed').length]);
    }
    expect(told).to.deep.equal(Array(100).fill([1, 3]));
  });

  it('X20 emits a lock under the new secret even if the old record has forgotten its failures', async () => {
    const store = new SlowStore();
    const lockout = new Lockout({ ...PATIENT, store, pseudonymize: { current: NEW, previous: OLD } });
    const events = new EventLog(lockout);
    await lockout.protect(ALICE, wrong);
    await new Lockout({ ...PATIENT, store, pseudonymize: OLD }).unblock({ username: 'alice' });
    for (let guess = 0; guess < 2; guess += 1) await lockout.protect(ALICE, wrong);
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('X20 emits a lock even if the old record cannot be read', async () => {
    const store = new SlowStore();
    const lockout = new Lockout({ ...PATIENT, store, pseudonymize: { current: NEW, previous: OLD } });
    const events = new EventLog(lockout);
    await lockout.protect(ALICE, wrong);
    await new Lockout({ ...PATIENT, store, pseudonymize: OLD }).unblock({ username: 'alice' });
    store.failing = { read: 'reject' };
    for (let guess = 0; guess < 2; guess += 1) await lockout.protect(ALICE, wrong);
    expect(events.count('username_blocked')).to.equal(1);
  });
});

describe('Rotation of the pseudonymize secret with one record that cannot be read', () => {
  const OPERATIONS: readonly (readonly [what: string, ask: (lockout: Lockout) => Promise<unknown>])[] = [
    ['status', (lockout) => lockout.status({ username: 'alice' })],
    ['block', (lockout) => lockout.block({ username: 'alice' }, { for: { hours: 1 } })],
    ['createUnlockToken', (lockout) => lockout.createUnlockToken({ username: 'alice' })],
  ];
  for (const [what, operation] of OPERATIONS) {
    for (const broke of [OLD, NEW]) {
      it(`makes ${what} fail rather than return half of the truth, if it is the record of the ${broke === OLD ? 'old' : 'new'} secret`, async () => {
        const store = new SlowStore();
        const { key } = new KeyMaker(broke).toSubject('username', { username: 'alice' });
        const read: SlowStore['read'] = (asked) =>
          asked === key ? Promise.reject(new Error('broken record')) : store.read(asked);
        const broken = Object.assign(Object.create(store) as SlowStore, { read });
        const lockout = new Lockout({
          store: broken,
          pseudonymize: { current: NEW, previous: OLD },
          secret: 'signs links, and is 32 characters long',
        });
        const error = await operation(lockout).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
      });
    }
  }
});

describe('A list of secrets that contains the same secret twice', () => {
  for (const previous of [NEW, [OLD, OLD], [OLD, NEW, OLD]] as const) {
    it(`counts as if it were listed once, with ${[previous].flat().length} previous secrets`, async () => {
      const store = new MemoryStore();
      const lockout = new Lockout({
        store,
        busyTimeout: { seconds: 0 },
        pseudonymize: { current: NEW, previous: previous as string | string[] },
      });
      const outcomes: string[] = [];
      for (let guess = 0; guess < 4; guess += 1) outcomes.push((await lockout.protect(ALICE, wrong)).outcome);
      expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
    });
  }
});

describe('Rotation of the pseudonymize secret in the middleware', () => {
  it('refuses an address that was locked under the old secret', async () => {
    const store = new MemoryStore();
    await new Lockout({ ...PATIENT, store, pseudonymize: OLD }).block({ ip: ALICE.ip }, { for: { hours: 1 } });
    const lockout = new Lockout({ ...PATIENT, store, pseudonymize: { current: NEW, previous: OLD } });
    const statuses: number[] = [];
    const res = { setHeader: () => res, end: () => statuses.push(res.statusCode), statusCode: 200, headersSent: false };
    lockout.middleware()({ ip: ALICE.ip, headers: {} } as never, res as never, () => statuses.push(200));
    expect(statuses).to.deep.equal([429]);
  });
});
