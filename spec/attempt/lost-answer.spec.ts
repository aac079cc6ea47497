/** Verdicts that the store carried out although its answer was lost. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';

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
});
