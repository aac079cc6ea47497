/** A server that is down, lost, or hangs; a connection that is not open yet. An unhandled rejection fails the run by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import { Lockout, type LockoutOptions, LockoutStoreError, MemoryStore, withLockout } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { startLoginApp } from '../../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../../support/sites/password-strategy.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';
import { atDepth } from '../../support/tools/depth.js';
import { EventLog } from '../../support/tools/events.js';
import { until } from '../../support/tools/until.js';

const STORE_TIMEOUT_MS = 500;
/** Where calls have to be answered before the server fails: far more than they take on a busy machine. */
const AMPLE: LockoutOptions = { storeTimeout: { seconds: 3 } };
/** Whatever comes before that came by storeTimeout: the driver by itself would try for 30 s. */
const LATE_MS = 20_000;
/** By 20 users, each of them waiting for storeTimeout. */
const REFUSALS = atDepth({ quick: 20, deep: 60 });
/** Between two logins of one user. */
const PAUSE_MS = 10;
const OPTIONS: LockoutOptions = {
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  storeTimeout: { milliseconds: STORE_TIMEOUT_MS },
};
const ALICE = { username: 'alice', ip: '203.0.113.9' };

describeMongo('With a failing MongoDB server, a lockout', () => {
  const site = useProxiedDatabase(() => lockout.close());
  let lockout: Lockout;
  let events: EventLog;

  function createLockout(store: MongoStore, options: LockoutOptions = {}): void {
    lockout = new Lockout({ ...OPTIONS, ...options, store });
    events = new EventLog(lockout);
  }

  async function attempt(isRight = true, input = ALICE): Promise<{ outcome: string; ms: number }> {
    const startedAt = performance.now();
    const { outcome } = await lockout.protect(input, () => isRight);
    return { outcome, ms: performance.now() - startedAt };
  }

  const succeeds = async () => (await attempt()).outcome === 'succeeded';

  it('F34 refuses in time with 503 while the server is down at start, and recovers by itself', async () => {
    await site.proxy.cut();
    createLockout(site.database.storeThrough(site.proxy.uri));
    const app = await startLoginApp({
      strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
    });
    try {
      const startedAt = performance.now();
      const answer = await app.login('alice', RIGHT_PASSWORD);
      expect(performance.now() - startedAt).to.be.below(LATE_MS);
      expect(answer).to.include({ status: 503, retryAfter: null });
      expect(events.of('store_error').map(({ operation }) => operation)).to.deep.equal(['reserve']);
      expect(events.of('store_error')[0]?.error).to.be.instanceOf(LockoutStoreError);
      expect(events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['store_error']);

      await site.proxy.resume();
      await until(async () => (await app.login('alice', RIGHT_PASSWORD)).status === 200);
    } finally {
      await app.close();
    }
  });

  it("F34 lets attempts pass in time with onStoreError: 'allow' while the server is down, uncounted", async () => {
    await site.proxy.cut();
    createLockout(site.database.storeThrough(site.proxy.uri), { onStoreError: 'allow' });
    for (let index = 0; index < 4; index += 1) {
      const { outcome, ms } = await attempt(false);
      expect(outcome).to.equal('failed');
      expect(ms).to.be.below(LATE_MS);
    }
    await site.proxy.resume();
    await until(async () => (await lockout.status({ username: 'alice' }).catch(() => null))?.failures === 0);
  });

  it('F34 counts on the fallback while the server is down', async () => {
    await site.proxy.cut();
    createLockout(site.database.storeThrough(site.proxy.uri), { onStoreError: { fallback: new MemoryStore() } });
    const outcomes: string[] = [];
    for (let index = 0; index < 4; index += 1) outcomes.push((await attempt(false)).outcome);
    expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('F34 answers every attempt in time when the server is lost under load, and recovers by itself', async () => {
    // Slots that could not be given back come back by themselves.
    createLockout(site.database.storeThrough(site.proxy.uri), { ...AMPLE, leaseTimeout: { seconds: 10 } });
    const users = Array.from({ length: 20 }, (_, index) => ({ username: `user ${index}`, ip: `198.51.100.${index}` }));
    let isOver = false;
    let slowest = 0;
    const seen: Record<string, number> = {};
    const load = users.map(async (user) => {
      while (!isOver) {
        const { outcome, ms } = await attempt(true, user);
        seen[outcome] = (seen[outcome] ?? 0) + 1;
        slowest = Math.max(slowest, ms);
        await delay(PAUSE_MS);
      }
    });
    try {
      await until(() => (seen['succeeded'] ?? 0) >= 100);

      await site.proxy.cut();
      // Not the refusals: on a slow machine verdicts also come after their lease.
      await until(() => events.count('store_error') >= REFUSALS);
      expect(seen['refused']).to.be.above(0);
      await site.proxy.resume();
      const before = seen['succeeded'] ?? 0;
      await until(() => (seen['succeeded'] ?? 0) >= before + 100);
    } finally {
      isOver = true;
      await Promise.all(load);
    }
    expect(slowest).to.be.below(LATE_MS);
    await until(async () => (await lockout.list({ locked: false })).items.length === 0);
  });

  it('F34 refuses in time while the server hangs, reports that to operators, and recovers by itself', async () => {
    createLockout(site.database.storeThrough(site.proxy.uri));
    await until(succeeds);
    events.all.length = 0;
    site.proxy.hang();

    const { outcome, ms } = await attempt();
    expect(outcome).to.equal('refused');
    expect(ms).to.be.within(STORE_TIMEOUT_MS - 10, LATE_MS);
    expect(events.of('store_error')[0]?.error).to.have.property('code', 'ERR_LOCKOUT_STORE_TIMEOUT');
    const told = await lockout.status({ username: 'alice' }).catch((error: unknown) => error);
    expect(told).to.be.instanceOf(LockoutStoreError);

    await site.proxy.resume();
    await until(succeeds);
    await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
  });

  it('F34 X17 does not disclose the verdict when the server hangs during verification, and counts it later', async () => {
    createLockout(site.database.storeThrough(site.proxy.uri), AMPLE);
    await until(succeeds);
    const startedAt = performance.now();
    const { outcome } = await lockout.protect(ALICE, () => {
      site.proxy.hang();
      return false;
    });
    expect(outcome).to.equal('refused');
    expect(performance.now() - startedAt).to.be.below(LATE_MS);

    await site.proxy.resume();
    await until(async () => (await lockout.status({ username: 'alice' }).catch(() => null))?.failures === 1);
    expect((await lockout.status({ username: 'alice' })).verifying).to.equal(0);
  });

  const UNOPENED: readonly [string, () => Connection][] = [
    ['that has no address yet', () => mongoose.createConnection()],
    ['of mongoose itself', () => new mongoose.Mongoose().connection],
    ['that does not buffer', () => withoutBuffer(mongoose.createConnection())],
  ];
  for (const [what, create] of UNOPENED) {
    it(`F35 follows onStoreError on a connection ${what}, and uses it once it is open`, async () => {
      const connection = create();
      createLockout(new MongoStore(connection), AMPLE);
      const answers = await Promise.all([attempt(), attempt(false), attempt()]);
      expect(answers.map(({ outcome }) => outcome)).to.deep.equal(['refused', 'refused', 'refused']);
      for (const { ms } of answers) expect(ms).to.be.below(LATE_MS);
      expect(events.count('store_error')).to.equal(3);

      await connection.openUri(mongoUri(), { dbName: site.database.name });
      try {
        await until(succeeds);
        for (let index = 0; index < 3; index += 1) await attempt(false);
        expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
      } finally {
        await lockout.close();
        await connection.close(true);
      }
    });
  }

  it('F35 waits for a connection that opens within storeTimeout', async () => {
    const connection = site.database.connect();
    createLockout(new MongoStore(connection), PATIENT);
    expect(connection.readyState).not.to.equal(1);
    expect((await attempt()).outcome).to.equal('succeeded');
    expect(events.count('store_error')).to.equal(0);
  });

  it('F35 survives a connection that its owner closes and reopens', async () => {
    const connection = site.database.connect();
    createLockout(new MongoStore(connection));
    await until(succeeds);
    await connection.close();
    const { outcome, ms } = await attempt();
    expect(outcome).to.equal('refused');
    expect(ms).to.be.below(LATE_MS);

    await connection.openUri(mongoUri(), { dbName: site.database.name });
    await until(succeeds);
  });
});

function withoutBuffer(connection: Connection): Connection {
  connection.set('bufferCommands', false);
  return connection;
}
