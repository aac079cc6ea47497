/** A new secret of `pseudonymize` neither frees anybody, nor grants new guesses, nor hides what was written before. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';

const OLD = 'the secret that has leaked, 32 characters';
const OLDER = 'the secret before that one, 32 characters';
const NEW = 'the secret that nobody knows yet, 32 chars';
const ALICE = { username: 'alice', ip: '203.0.113.9' };
const wrong = () => false;
const right = () => true;

describeOnEachStore('rotation of the secret', ({ fresh }) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let before: Lockout;
  let after: Lockout;

  const lockoutOf = (pseudonymize: LockoutOptions['pseudonymize'], options: LockoutOptions = {}) =>
    new Lockout({ ...PATIENT, store, audit: 'await', ...options, ...(pseudonymize && { pseudonymize }) });

  beforeEach(async () => {
    clock = new ManualClock();
    store = await fresh(clock.read);
    before = lockoutOf(OLD);
    after = lockoutOf({ current: NEW, previous: [OLD, OLDER] });
  });

  async function fail(lockout: Lockout, times: number): Promise<void> {
    for (let failure = 0; failure < times; failure += 1) await lockout.protect(ALICE, wrong);
  }

  it('frees nobody who is locked', async () => {
    await fail(before, 3);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
    expect(await after.status({ username: 'alice' })).to.include({ locked: true, failures: 3, tier: 0 });
  });

  it('goes on counting where the failures were', async () => {
    await fail(before, 2);
    await fail(after, 1);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
    expect((await before.protect(ALICE, right)).outcome, 'a process with the old secret').to.equal('refused');
  });

  it('finds what was begun under a secret before the last', async () => {
    await fail(lockoutOf(OLDER), 3);
    expect((await after.protect(ALICE, right)).outcome).to.equal('refused');
  });

  it("X8 gives nobody five more guesses at the owner's place, though no failure is left", async () => {
    await fail(before, 2);
    await before.protect(ALICE, right);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 2 });

    await fail(after, 2);
    await after.protect(ALICE, right);

    expect(await after.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 4 });
    expect(await before.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 4 });
  });

  it('takes the new secret for whom nothing is known any more', async () => {
    await fail(before, 2);
    clock.advance({ days: 7 });
    await fail(after, 1);
    expect(await before.status({ username: 'alice' })).to.include({ failures: 0 });
    expect(await lockoutOf(NEW).status({ username: 'alice' })).to.include({ failures: 1 });
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
    expect(events.of('username_blocked').map(({ subject }) => subject)).to.deep.equal([{ username: 'alice' }]);
  });

  it('lets an operator find, block, free and reset what was begun before', async () => {
    await fail(before, 3);
    expect((await after.list({ username: 'alice' })).items).to.have.length(1);
    expect(await after.block({ username: 'alice' }, { for: 'forever', by: 'carol' })).to.include({ failures: 3 });
    expect(await after.unblock({ username: 'alice' })).to.equal(true);
    expect(await after.unblock({ username: 'alice' })).to.equal(false);
    clock.advance({ seconds: 1 }); // lockCacheTtl: until then the other process believes in its lock
    await fail(before, 3);
    expect(await after.reset({ username: 'alice' })).to.deep.equal({ cleared: 1, unblocked: 1 });
    expect((await after.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('shows and erases the entries of both secrets, newest first, page by page', async () => {
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

  it('makes links that free whom the old secret locked', async () => {
    const unlockTokenSecret = 'signs links, and is 32 characters long';
    await fail(before, 3);
    const links = lockoutOf({ current: NEW, previous: OLD }, { unlockTokenSecret });
    const token = await links.createUnlockToken({ username: 'alice' });
    expect(await links.redeemUnlockToken(token ?? '')).to.include({ outcome: 'unlocked' });
    expect((await links.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it('keeps every name and address out of the store', async () => {
    await fail(after, 3);
    const { items } = await lockoutOf(undefined).list({ locked: false });
    expect(items).to.have.length(2);
    expect(JSON.stringify(items)).not.to.match(/alice|203\.0\.113/);
  });
});

describe('rotation of the secret, at the middleware', () => {
  it('refuses an address that the old secret locked', async () => {
    const store = new MemoryStore();
    await new Lockout({ ...PATIENT, store, pseudonymize: OLD }).block({ ip: ALICE.ip }, { for: { hours: 1 } });
    const lockout = new Lockout({ ...PATIENT, store, pseudonymize: { current: NEW, previous: OLD } });
    const statuses: number[] = [];
    const res = { setHeader: () => res, end: () => statuses.push(res.statusCode), statusCode: 200, headersSent: false };
    lockout.middleware()({ ip: ALICE.ip, headers: {} } as never, res as never, () => statuses.push(200));
    expect(statuses).to.deep.equal([429]);
  });
});
