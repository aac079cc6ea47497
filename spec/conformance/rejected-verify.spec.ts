/** A verify function whose promise rejects: neither passport-local nor Passport awaits it. */
import { expect } from 'chai';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutStore, MemoryStore, withLockout } from '../../lib/index.js';
import { type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

describe('A verify function that rejects', () => {
  let app: LoginApp;
  let lockout: Lockout;

  async function start(store: LockoutStore): Promise<void> {
    lockout = new Lockout({ dimensions: ['username'], store });
    const verify = async () => {
      throw new Error('database down');
    };
    app = await startLoginApp({
      strategies: { local: withLockout(new LocalStrategy(verify as VerifyFunction), lockout) },
    });
  }

  afterEach(() => app.close());

  for (const [what, createStore] of [
    ['in memory', () => new MemoryStore()],
    ['on an asynchronous store', () => new SlowStore()],
  ] as const) {
    it(`F29 frees its slot, and its rejection stays unhandled as without the wrapper, ${what}`, async () => {
      const reasons: unknown[] = [];
      const listeners = process.listeners('unhandledRejection');
      process.removeAllListeners('unhandledRejection');
      process.on('unhandledRejection', (reason) => reasons.push(reason));
      try {
        await start(createStore());
        const pending = app.login('alice', 'x').catch(() => 'never answered');
        await until(() => reasons.length > 0);
        expect(reasons.map(String)).to.deep.equal(['Error: database down']);
        await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
        expect((await lockout.status({ username: 'alice' })).failures).to.equal(0);
        await app.close();
        expect(await pending).to.equal('never answered');
      } finally {
        process.removeAllListeners('unhandledRejection');
        for (const listener of listeners) process.on('unhandledRejection', listener);
      }
    });
  }
});
