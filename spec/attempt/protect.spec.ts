/** `protect` around a slow store: what has happened when its promise settles. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, type Verdict } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';

const ONE_SLOT: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 1, cooloff: { minutes: 15 } }] };
const ALICE = { username: 'alice' };
/** Longer than any chain of promises that is not waited for. */
const later = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('protect on an asynchronous store', () => {
  let lockout: Lockout;
  /** The verdicts that the store has taken, not only heard. */
  let taken: Verdict[];

  beforeEach(() => {
    taken = [];
    const store = new SlowStore({}, later);
    const settle: LockoutStore['settle'] = async (...args) => {
      const reply = await store.settle(...args);
      taken.push(args[3]);
      return reply;
    };
    const recording = Object.assign(Object.create(store) as LockoutStore, { settle });
    lockout = new Lockout({ ...ONE_SLOT, store: recording, busyTimeout: { seconds: 0 } });
  });

  const guess = async (answer: boolean) => (await lockout.protect(ALICE, () => answer)).outcome;

  for (const [how, verify] of [
    [
      'throws',
      () => {
        throw new Error('database is down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('database is down'))],
  ] as const) {
    it(`has given the slot back by the time it rejects because verify ${how}`, async () => {
      const error = await lockout.protect<boolean>(ALICE, verify).catch((thrown: unknown) => thrown);

      expect(taken).to.deep.equal(['release']);
      expect(error).to.have.property('message', 'database is down');
      expect(await lockout.status(ALICE)).to.include({ verifying: 0 });
    });
  }

  it('has given the slot back by the time it returns a success', async () => {
    expect(await guess(true)).to.equal('succeeded');
    expect(taken).to.deep.equal(['success']);
  });

  it('has locked by the time it returns the failure that locks', async () => {
    expect(await guess(false)).to.equal('failed');
    expect(taken).to.deep.equal(['failure']);
    expect(await guess(true)).to.equal('refused');
  });
});
