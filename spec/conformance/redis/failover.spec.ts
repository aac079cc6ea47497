/** A primary, its replica, and what a failover gives back: what had not been replicated yet, nothing else. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { RedisPair } from '../../support/servers/redis-pair.js';
import type { RedisServer } from '../../support/servers/redis-server.js';
import { PATIENT } from '../../support/stores/patient.js';

const LIMIT_3: LockoutOptions = {
  ...PATIENT,
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  busyTimeout: { minutes: 1 },
  // Every answer is the server's.
  lockCacheTtl: { milliseconds: 0 },
};

describe('With a Redis primary and its replica, a lockout', () => {
  let pair: RedisPair;
  let closing: (() => unknown)[];
  let verified: number;

  beforeEach(async () => {
    pair = await RedisPair.start();
    closing = [];
    verified = 0;
  });
  afterEach(async () => {
    for (const close of closing) await close();
    await pair.stop();
  });

  async function lockoutOn({ url }: RedisServer): Promise<Lockout> {
    const client = createClient({ url });
    client.on('error', () => {});
    await client.connect();
    const lockout = new Lockout({ ...LIMIT_3, store: new RedisStore(client) });
    closing.push(async () => {
      await lockout.close();
      client.destroy();
    });
    return lockout;
  }

  async function guess(lockout: Lockout, username = 'alice'): Promise<string> {
    const result = await lockout.protect({ username }, () => {
      verified += 1;
      return false;
    });
    return result.outcome === 'refused' ? result.locked.code : result.outcome;
  }
  const guesses = (lockout: Lockout, count: number) => Promise.all(Array.from({ length: count }, () => guess(lockout)));

  it('counts on where it was after a failover that waits for the replica', async () => {
    const before = await lockoutOn(pair.primary);
    await guess(before);
    await guess(before);
    await pair.failOver();

    const after = await lockoutOn(pair.replica);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 2, locked: false });
    await guesses(after, 40);
    expect(verified).to.equal(3);
  });

  it('refuses with 503 on the old primary, which can only be read any more', async () => {
    const lockout = await lockoutOn(pair.primary);
    await guess(lockout);
    await pair.failOver();

    expect(await guess(lockout)).to.equal('ERR_LOCKOUT_STORE_UNAVAILABLE');
    expect(verified).to.equal(1);
  });

  it('does not say whether a guess was right that was verified during the failover', async () => {
    const lockout = await lockoutOn(pair.primary);
    const result = await lockout.protect({ username: 'alice' }, async () => {
      await pair.failOver();
      return true;
    });

    expect(result).to.have.nested.property('locked.code', 'ERR_LOCKOUT_STORE_UNAVAILABLE');
    const after = await lockoutOn(pair.replica);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 0, verifying: 1 });
  });

  it('keeps a lock through the loss of the primary if the replica had it', async () => {
    await guesses(await lockoutOn(pair.primary), 3);
    await pair.replicated();
    await pair.lose();

    const after = await lockoutOn(pair.replica);
    expect(await guess(after)).to.equal('ERR_LOCKOUT_LOCKED');
    expect((await after.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: 'alice' }]);
  });

  it('gives back, through the loss of the primary, the failures that the replica did not have, and is exact from then on', async () => {
    const before = await lockoutOn(pair.primary);
    await guess(before);
    await pair.lag();
    await guesses(before, 2);
    expect(await before.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
    await pair.lose();

    const after = await lockoutOn(pair.replica);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 1, locked: false });
    verified = 0;
    await guesses(after, 40);
    // Two were lost, and so two may be made again.
    expect(verified).to.equal(2);
    expect(await after.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
  });
});
