/** Verdicts that the store carried out although its answer was lost. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import type { Lease } from '../../lib/policy/state.js';
import { POLICY } from '../../lib/testing/examples.js';
import { username } from '../stores/examples.js';
import { SlowStore } from '../support/stores/slow-store.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const DOWN_MS = 60_000;

/** A store that is cut off while it gets a verdict. */
class CutStore extends MemoryStore {
  isCut = false;
  /** Whether it carries out what it was sent before its connection broke. */
  isCarriedOut = true;
  /** What it says of the steps whose answers it lost. */
  isUnanswered: boolean | undefined = true;

  override settleAll(...args: Parameters<MemoryStore['settleAll']>): ReturnType<MemoryStore['settleAll']> {
    if (!this.isCut) return super.settleAll(...args);
    if (this.isCarriedOut) super.settleAll(...args);
    this.isCarriedOut = false;
    const error = Object.assign(new Error('the connection broke'), { isUnanswered: this.isUnanswered });
    return Promise.reject(error) as unknown as ReturnType<MemoryStore['settleAll']>;
  }
}

/** A store whose client gets no answer to a verdict, and sends it once more when the server is back. */
class ResendingStore implements LockoutStore {
  readonly #inner = new MemoryStore();
  readonly reserve: LockoutStore['reserve'] = async (...args) => this.#inner.reserve(...args);
  readonly settle: LockoutStore['settle'] = async (...args) => {
    this.#inner.settle(...args);
    await new Promise((resolve) => setTimeout(resolve, DOWN_MS));
    return this.#inner.settle(...args);
  };
  readonly read: LockoutStore['read'] = async (key) => this.#inner.read(key);
  readonly list: LockoutStore['list'] = async (query) => this.#inner.list(query);
  readonly block: LockoutStore['block'] = async (...args) => this.#inner.block(...args);
  readonly reset: LockoutStore['reset'] = async (key) => this.#inner.reset(key);
  readonly erase: LockoutStore['erase'] = async (key) => this.#inner.erase(key);
  readonly revokeDevices: LockoutStore['revokeDevices'] = async (...args) => this.#inner.revokeDevices(...args);
  readonly cleanup: LockoutStore['cleanup'] = async (key) => this.#inner.cleanup(key);
  readonly resetLockedBy: LockoutStore['resetLockedBy'] = async (...args) => this.#inner.resetLockedBy(...args);
  readonly close = () => {};
}

/** Takes a slot, which drops those whose leases are over. */
function takenOf(store: MemoryStore): Lease {
  const reply = store.reserve(username('alice'), POLICY, 'another');
  if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
  return reply.lease;
}

describe('A verdict whose answer was lost', () => {
  let timers: sinon.SinonFakeTimers;
  let store: CutStore;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    store = new CutStore();
  });
  afterEach(() => timers.restore());

  async function failuresAfter(options: LockoutOptions = {}): Promise<{ failures: number; outcome: string }> {
    const lockout = new Lockout({ dimensions: ['username'], store, ...options });
    store.isCut = true;
    const { outcome } = await lockout.protect(ALICE, () => false);
    await timers.tickAsync(DOWN_MS);
    store.isCut = false;
    await timers.tickAsync(DOWN_MS);
    const { failures } = await lockout.status({ username: 'alice' });
    await lockout.close();
    return { failures, outcome };
  }

  it('is counted once if the store carried it out, however long it is away', async () => {
    expect(await failuresAfter()).to.deep.equal({ failures: 1, outcome: 'refused' });
  });

  it('is counted once if the store did not carry it out', async () => {
    store.isCarriedOut = false;
    expect(await failuresAfter()).to.deep.equal({ failures: 1, outcome: 'refused' });
  });

  it('is counted although the lease is gone if the store says that it was not carried out', async () => {
    store.isUnanswered = undefined;
    expect(await failuresAfter()).to.deep.equal({ failures: 2, outcome: 'refused' });
  });

  it('is counted twice rather than not at all if the client has learned it', async () => {
    expect(await failuresAfter({ onStoreError: 'allow' })).to.deep.equal({ failures: 2, outcome: 'failed' });
    store = new CutStore();
    const fallback = { fallback: new MemoryStore() };
    expect(await failuresAfter({ onStoreError: fallback })).to.deep.equal({ failures: 2, outcome: 'failed' });
    store = new CutStore();
    expect(await failuresAfter({ mode: 'monitor' })).to.deep.equal({ failures: 2, outcome: 'failed' });
  });

  it('is counted once although the client of the database sends it again by itself, after the lease', async () => {
    const lockout = new Lockout({ dimensions: ['username'], store: new ResendingStore() });
    const answer = lockout.protect(ALICE, () => false);
    await timers.tickAsync(2 * DOWN_MS);
    expect((await answer).outcome).to.equal('refused');
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(1);
    await lockout.close();
  });

  it('is counted once if the store recorded it, and only its answer made no sense', async () => {
    const answers = [{}, 'QUEUED'];
    const recorded = new SlowStore();
    const settle: SlowStore['settle'] = async (...args) => {
      const reply = await recorded.settle(...args);
      if (answers.pop() === 'QUEUED') return 'QUEUED' as unknown as typeof reply;
      recorded.failing = { settle: 'reject' };
      return recorded.settle(...args);
    };
    const store = Object.assign(Object.create(recorded) as SlowStore, { settle });
    const lockout = new Lockout({ dimensions: ['username'], store });
    await lockout.protect(ALICE, () => false);
    await timers.tickAsync(DOWN_MS);
    recorded.failing = {};
    await timers.tickAsync(DOWN_MS);
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(1);
    await lockout.close();
  });

  it('is counted on the store although the fallback takes long to record it', async () => {
    const fallback = new SlowStore({}, () => new Promise((resolve) => setTimeout(resolve, 1_000)));
    const lockout = new Lockout({ dimensions: ['username'], store, onStoreError: { fallback } });
    store.isCut = true;
    store.isCarriedOut = false;
    const told = lockout.protect(ALICE, () => false);
    await timers.tickAsync(DOWN_MS);
    store.isCut = false;
    // Another attempt takes the slot, and gives it back.
    store.settle(username('alice'), POLICY, takenOf(store), 'release');
    await timers.tickAsync(DOWN_MS);
    expect((await told).outcome).to.equal('failed');
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(1);
    const closed = lockout.close();
    await timers.tickAsync(DOWN_MS);
    await closed;
  });
});
