/** A memory store full of locks: it loses none of them, rejects new subjects, and warns once. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { EventLog } from '../support/tools/events.js';

const OPTIONS: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  busyTimeout: { seconds: 0 },
};
const ROOM = 5;

describe('A full MemoryStore', () => {
  let lockout: Lockout;
  let events: EventLog;

  beforeEach(() => {
    lockout = new Lockout({ ...OPTIONS, store: new MemoryStore({ maxSubjects: ROOM }) });
    events = new EventLog(lockout);
  });

  async function guess(username: string, isRight = false): Promise<string> {
    const result = await lockout.protect({ username }, () => isRight);
    return result.outcome === 'refused' ? result.locked.code : result.outcome;
  }

  async function fill(): Promise<void> {
    for (let name = 0; name < ROOM; name += 1) await lockout.block({ username: `locked ${name}` }, { for: 'forever' });
  }

  it('X18 refuses new subjects as if the store had failed, emits one warning, and loses no lock', async () => {
    await fill();
    const answers = [];
    for (let name = 0; name < 100; name += 1) answers.push(await guess(`new ${name}`, true));

    expect(new Set(answers)).to.deep.equal(new Set(['ERR_LOCKOUT_STORE_UNAVAILABLE']));
    expect((await lockout.list()).items).to.have.length(ROOM);
    expect(await guess('locked 0')).to.equal('ERR_LOCKOUT_LOCKED');
    expect(events.of('warning').filter(({ code }) => code === 'WARN_LOCKOUT_MEMORY_FULL')).to.have.length(1);
    expect((await lockout.check()).map(({ code }) => code)).to.include('WARN_LOCKOUT_MEMORY_FULL');
  });

  it('X18 gives the reason in each store_error', async () => {
    await fill();
    await guess('new');
    const [{ operation, error }] = events.of('store_error') as [{ operation: string; error: Error }];
    expect(operation).to.equal('reserve');
    expect(error.cause).to.have.property('code', 'ERR_LOCKOUT_STORE_FULL');
  });

  it('X18 accepts new subjects again as soon as a lock has ended', async () => {
    await fill();
    await lockout.unblock({ username: 'locked 0' });
    expect(await guess('new', true)).to.equal('succeeded');
  });

  it('X18 verifies no attempt that could not be counted', async () => {
    await fill();
    let verified = 0;
    for (let attempt = 0; attempt < 100; attempt += 1) {
      await lockout.protect({ username: 'alice' }, () => {
        verified += 1;
        return false;
      });
    }
    expect(verified).to.equal(0);
  });

  it('X18 keeps the slots of a name that is being verified during a flood of other names', async () => {
    for (let slot = 0; slot < 3; slot += 1) void lockout.protect({ username: 'alice' }, () => new Promise(() => {}));
    for (let attempt = 0; attempt < 100; attempt += 1) await guess(`flood ${attempt}`);
    expect(await guess('alice', true)).to.equal('ERR_LOCKOUT_BUSY');
  });
});

/** What docs/stores.md and SECURITY.md say that it takes. */
describe('A MemoryStore flooded with names', () => {
  const ROOM_FOR_MANY = 320;
  const PER_ADDRESS = 30;

  /** @returns after how many failures the store has forgotten two of alice, who was guessed at first; null if it has not */
  async function failuresToForget(failuresPerName: number, most: number): Promise<number | null> {
    const store = new MemoryStore({ maxSubjects: ROOM_FOR_MANY });
    const lockout = new Lockout({ store, attemptLog: 'off' });
    const wrong = () => false;
    for (let guess = 0; guess < 2; guess += 1) await lockout.protect({ username: 'alice', ip: '192.0.2.1' }, wrong);
    for (let failure = 0; failure < most; failure += 1) {
      const username = `flood ${Math.floor(failure / failuresPerName)}`;
      await lockout.protect({ username, ip: `198.51.100.${Math.floor(failure / PER_ADDRESS)}` }, wrong);
      if (store.read('username=alice') === null) return failure + 1;
    }
    return null;
  }

  it('keeps a name with two failures in preference to names with one failure', async () => {
    expect(await failuresToForget(1, 6 * ROOM_FOR_MANY)).to.equal(null);
  });

  it('forgets it for names with two failures only after thirty failures, from one more address, per sixteen of its places', async () => {
    const failures = await failuresToForget(2, 6 * ROOM_FOR_MANY);
    expect(failures).to.be.within((30 / 16) * ROOM_FOR_MANY - PER_ADDRESS, (30 / 16) * ROOM_FOR_MANY + PER_ADDRESS);
  });
});
