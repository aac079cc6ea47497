/** What remains to be done when the process stops. */
import { expect } from 'chai';
import { Lockout, LockoutStoreError } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

describe('Lockout.close', () => {
  it('F44 ends waiting attempts, may be called twice, and lets the lockout keep answering', async () => {
    const lockout = new Lockout({ dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] });
    const answers: ((isRight: boolean) => void)[] = [];
    const attempt = () => lockout.protect({ username: 'alice' }, () => new Promise((resolve) => answers.push(resolve)));
    const verifying = [attempt(), attempt(), attempt()];
    await until(() => answers.length === 3);
    const waiting = attempt();

    await lockout.close();
    await lockout.close();

    expect(await waiting).to.have.nested.include({ 'locked.code': 'ERR_LOCKOUT_BUSY', 'locked.retryAfter': 1 });
    for (const answer of answers) answer(true);
    expect((await Promise.all(verifying)).map(({ outcome }) => outcome)).to.deep.equal(Array(3).fill('succeeded'));
    expect((await lockout.protect({ username: 'alice' }, () => true)).outcome).to.equal('succeeded');
  });

  it('F44 ends within storeTimeout if a store hangs when it is closed, and reports that', async () => {
    const store = new SlowStore();
    const fallback = new SlowStore();
    store.failing = { close: 'hang' };
    const lockout = new Lockout({ store, storeTimeout: { milliseconds: 20 }, onStoreError: { fallback } });

    const error = await lockout.close().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_TIMEOUT');
    expect(fallback.count('close')).to.equal(1);
  });
});
