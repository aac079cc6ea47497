/** What operators do to every record, beyond one page of the store, and how it is stopped. */
import { expect } from 'chai';
import { Lockout, MemoryStore } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';

/** Two pages and a half. */
const MANY = 5_000;
const WHOLE_STORE = { dimension: undefined, lockedOnly: false, withExpired: true, cursor: null, limit: MANY };

const addressOf = (index: number) => `10.0.${index >> 8}.${index & 255}`;

describe('onEachRecord', () => {
  let clock: ManualClock;
  let store: MemoryStore;
  let lockout: Lockout;

  beforeEach(async () => {
    clock = new ManualClock();
    store = new MemoryStore({ clock: clock.read });
    lockout = new Lockout({ store, attemptLog: 'off', dimensions: [['ip', 'username']], forgetAfter: { days: 1 } });
    for (let index = 0; index < MANY; index += 1) {
      await lockout.protect({ username: `user-${index}`, ip: addressOf(0) }, () => false);
    }
    expect(store.size).to.equal(MANY);
  });
  afterEach(() => lockout.close());

  it('resets every subject, page after page', async () => {
    expect(await lockout.reset({ all: true })).to.deep.equal({ reset: MANY, unblocked: 0 });
    expect(store.list({ ...WHOLE_STORE, withExpired: false }).records).to.deep.equal([]);
  });

  it('erases every record of a user, page after page', async () => {
    for (let index = 0; index < MANY; index += 1) {
      await lockout.protect({ username: 'alice', ip: addressOf(index) }, () => false);
    }
    expect((await lockout.erase({ username: 'alice' })).subjects).to.equal(MANY);
    expect(store.size).to.equal(MANY);
  });

  it('cleans up every expired record, page after page', async () => {
    clock.advance({ days: 2 });
    expect((await lockout.cleanup()).subjects).to.equal(MANY);
    expect(store.list(WHOLE_STORE).records).to.deep.equal([]);
  });

  it('stops after the page during which it is aborted, and reports its progress', async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const onProgress = (done: number) => {
      told.push(done);
      controller.abort();
    };

    const { reset } = await lockout.reset({ all: true, signal: controller.signal, onProgress });

    expect(told).to.deep.equal([reset]);
    expect(reset).to.be.within(1, MANY - 1);
    expect(store.list({ ...WHOLE_STORE, withExpired: false }).records).to.have.length(MANY - reset);
  });
});
