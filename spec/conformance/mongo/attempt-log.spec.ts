/** The attempt log when it cannot keep up, and when the process stops. Logins know nothing of it. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';
import { EventLog } from '../../support/tools/events.js';
import { until } from '../../support/tools/until.js';

const STORE_TIMEOUT_MS = 3_000;
/** Whatever is over before that was ended by storeTimeout: the driver by itself waits for ever. */
const LATE_MS = 20_000;
const OPTIONS: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
};
const SHORT: LockoutOptions = { storeTimeout: { milliseconds: STORE_TIMEOUT_MS } };
const ALICE = { username: 'alice' };

describeMongo('The attempt log in MongoDB', () => {
  const site = useProxiedDatabase(() => lockout.close());
  let lockout: Lockout;
  let events: EventLog;

  async function start(store: MongoStore, options: LockoutOptions = {}): Promise<void> {
    lockout = new Lockout({ ...PATIENT, ...OPTIONS, ...options, store });
    events = new EventLog(lockout);
    await lockout.attempts();
  }

  const logged = () => site.database.connection.collection('lockout_attempts').countDocuments();
  const lost = () =>
    events
      .of('warning')
      .filter(({ code }) => code === 'WARN_LOCKOUT_LOG_LOST')
      .reduce((sum, { message }) => sum + Number.parseInt(message, 10), 0);

  async function timed(act: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now();
    await act();
    return performance.now() - startedAt;
  }

  it('F43 does not delay a login if it never answers, and the loss is reported', async () => {
    await start(site.database.storeThrough(site.proxy.uri), SHORT);
    site.proxy.swallowAnswersTo('lockout_attempts');

    const logins = Array.from({ length: 20 }, (_, index) => lockout.protect({ username: `user ${index}` }, () => true));
    expect((await Promise.all(logins)).map(({ outcome }) => outcome)).to.deep.equal(Array(20).fill('succeeded'));

    // They were all answered while the first entries were still waited for.
    expect(events.count('store_error')).to.equal(0);
    await until(() => lost() === 20);
    expect(events.of('store_error').every(({ operation }) => operation === 'append')).to.equal(true);
  });

  for (const attemptLog of ['background', 'await'] as const) {
    it(`F43 does not fail a login if it rejects entries with attemptLog: '${attemptLog}', and each loss is reported`, async () => {
      await start(site.database.store(), { attemptLog });
      const attempts = site.database.connection.collection('lockout_attempts');
      await attempts.insertOne({ outcome: 'failed' });
      await attempts.createIndex({ outcome: 1 }, { unique: true });

      const outcomes: string[] = [];
      for (let index = 0; index < 3; index += 1) outcomes.push((await lockout.protect(ALICE, () => false)).outcome);

      expect(outcomes).to.deep.equal(['failed', 'failed', 'failed']);
      expect((await lockout.status(ALICE)).locked).to.equal(true);
      await until(() => lost() === 3);
      expect(await logged()).to.equal(1);
    });
  }

  it('F43 drops what the queue cannot hold; every attempt is either logged or reported', async () => {
    await start(site.database.store(), { deny: { ips: ['10.0.0.0/8'] } });

    // In one turn, without asking the server, each from an address of its own.
    const flood = Array.from({ length: 10_700 }, (_, index) =>
      lockout.protect({ ip: `10.0.${index >> 8}.${index & 255}` }, () => true),
    );
    expect(new Set((await Promise.all(flood)).map(({ outcome }) => outcome))).to.deep.equal(new Set(['refused']));

    await lockout.close();
    expect(lost()).to.be.within(5_690, 5_710);
    expect((await logged()) + lost()).to.equal(10_700);
  });

  it('X27 contains entries of 0.1.0, without a count, as one attempt each', async () => {
    await start(site.database.store());
    await lockout.protect(ALICE, () => true);
    await until(async () => (await logged()) === 1);
    await site.database.connection.collection('lockout_attempts').updateMany({}, { $unset: { count: 1 } });
    expect((await lockout.attempts()).items.map(({ count }) => count)).to.deep.equal([1]);
  });

  it('F44 is complete when close() is over, which leaves the connection open and may be called again', async () => {
    await start(site.database.store());
    for (let index = 0; index < 5; index += 1) await lockout.protect({ username: `user ${index}` }, () => true);

    await Promise.all([lockout.close(), lockout.close()]);
    await lockout.close();

    expect(await logged()).to.equal(5);
    expect(site.database.connection.readyState).to.equal(1);
    expect((await lockout.protect(ALICE, () => true)).outcome).to.equal('succeeded');
  });

  it('F44 can be closed in time when the server hangs, and what could not be written is reported', async () => {
    await start(site.database.storeThrough(site.proxy.uri), { ...SHORT, lockCacheTtl: { minutes: 10 } });
    await lockout.block(ALICE, { for: 'forever' });
    await lockout.protect(ALICE, () => true);
    await until(async () => (await logged()) === 1);
    site.proxy.hang();
    await Promise.all(Array.from({ length: 2_000 }, () => lockout.protect(ALICE, () => true)));

    // One batch may be on its way already.
    expect(await timed(() => lockout.close())).to.be.below(LATE_MS);
    // The answer to the first entry may have hung, too.
    expect(lost()).to.be.within(2_000, 2_001);
  });
});
