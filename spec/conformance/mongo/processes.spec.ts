/** Several processes on one database: real child processes, a real kill -9, clocks that differ. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { MongoWorker } from '../../support/stores/mongo-worker.js';
import { atDepth } from '../../support/tools/depth.js';
import { until } from '../../support/tools/until.js';

const LIMIT_3: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  busyTimeout: { seconds: 60 },
  // A machine under load must not fail a race by its slowness.
  storeTimeout: { seconds: 30 },
};
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const ROUNDS = atDepth({ quick: 4, deep: 20 });

describeMongo('With several processes on MongoDB, a lockout', () => {
  let database: MongoDatabase;
  let workers: MongoWorker[];
  let lockouts: Lockout[];

  beforeEach(async () => {
    database = await MongoDatabase.create();
    workers = [];
    lockouts = [];
  });

  afterEach(async () => {
    await Promise.all([...workers.map((worker) => worker.stop()), ...lockouts.map((lockout) => lockout.close())]);
    await database.drop();
  });

  async function startWorkers(count: number, options = LIMIT_3): Promise<readonly MongoWorker[]> {
    workers.push(...(await Promise.all(Array.from({ length: count }, () => MongoWorker.start(database, options)))));
    return workers;
  }

  /** @param clock - by which its store goes, instead of the server's */
  function lockoutHere(options: LockoutOptions = LIMIT_3, clock?: ManualClock): Lockout {
    const lockout = new Lockout({ ...options, store: database.store(clock ? { clock: clock.read } : {}) });
    lockouts.push(lockout);
    return lockout;
  }

  async function blockEvents(): Promise<number> {
    const counts = await Promise.all(workers.map((worker) => worker.ask('events')));
    return counts.reduce((sum, events) => sum + (events['username_blocked'] ?? 0), 0);
  }

  it(`F2 verifies 3 of 3 times 40 wrong guesses and emits one event in all, in ${ROUNDS} rounds of ${ROUNDS}`, async () => {
    await startWorkers(3);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const bursts = await Promise.all(workers.map((worker) => worker.ask('burst', `user ${round}`, 40, false)));

      expect(
        bursts.reduce((sum, { verified }) => sum + verified, 0),
        `verified in round ${round}`,
      ).to.equal(3);
      expect(bursts.reduce((sum, { outcomes }) => sum + (outcomes['refused'] ?? 0), 0)).to.equal(117);
      expect(await blockEvents(), `events after round ${round}`).to.equal(round);
    }
  });

  describe('that counts names and addresses together', () => {
    const BOTH: LockoutOptions = {
      ...LIMIT_3,
      dimensions: ['username', 'ip'],
      tiers: {
        username: [{ failures: 3, cooloff: { minutes: 15 } }],
        ip: [{ failures: 1_000, cooloff: { minutes: 15 } }],
      },
    };
    const burst = (name: string, isRight: boolean, ips: readonly string[]) =>
      Promise.all(workers.map((worker, index) => worker.ask('burst', name, 40, isRight, { ip: ips[index] as string })));

    for (const [what, ips] of [
      ['one address', ['203.0.113.9', '203.0.113.9', '203.0.113.9']],
      // Some sort before the name, some after it.
      ['an address each', ['203.0.113.1', '2001:db8::1', '203.0.113.2']],
    ] as const) {
      it(`F2 verifies 3 of 3 times 40 wrong guesses from ${what} and emits one event, in ${ROUNDS} rounds`, async () => {
        await startWorkers(3, BOTH);
        for (let round = 1; round <= ROUNDS; round += 1) {
          const bursts = await burst(`user ${round}`, false, ips);
          expect(
            bursts.reduce((sum, { verified }) => sum + verified, 0),
            `verified in round ${round}`,
          ).to.equal(3);
          expect(await blockEvents(), `events after round ${round}`).to.equal(round);
        }
      });
    }

    it('F2 lets 3 times 40 right logins of one user from one address all succeed', async () => {
      await startWorkers(3, BOTH);
      const bursts = await burst('alice', true, ['203.0.113.9', '203.0.113.9', '203.0.113.9']);
      expect(bursts.map(({ outcomes }) => outcomes)).to.deep.equal(Array(3).fill({ succeeded: 40 }));
      expect(await workers[0]?.ask('status', 'alice')).to.include({ locked: false, failures: 0, verifying: 0 });
    });

    it('F2 answers guesses one after the other, each by another process, with two failures and a lock', async () => {
      await startWorkers(2, BOTH);
      const outcomes: string[] = [];
      for (let guess = 0; guess < 6; guess += 1) {
        outcomes.push((await workers[guess % 2]?.ask('attempt', 'alice', false, '203.0.113.9')) ?? '');
      }
      expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused', 'refused', 'refused']);
      expect(await blockEvents()).to.equal(1);
    });
  });

  it('F2 lets 3 times 40 right logins of one user all succeed', async () => {
    await startWorkers(3);
    const bursts = await Promise.all(workers.map((worker) => worker.ask('burst', 'alice', 40, true)));

    expect(bursts.map(({ outcomes }) => outcomes)).to.deep.equal(Array(3).fill({ succeeded: 40 }));
    expect(await workers[0]?.ask('status', 'alice')).to.include({ locked: false, failures: 0, verifying: 0 });
  });

  it('F5 creates collections, indexes and the record of a new user once, although three processes start with that user', async () => {
    await startWorkers(3);
    const bursts = await Promise.all(workers.map((worker) => worker.ask('burst', 'the very first', 40, false)));

    expect(bursts.reduce((sum, { verified }) => sum + verified, 0)).to.equal(3);
    expect(await database.connection.collection('lockouts').countDocuments()).to.equal(1);
    for (const worker of workers) expect(await worker.ask('events')).not.to.have.any.keys('store_error', 'warning');
  });

  it('F6 gives the slots of a killed process back after leaseTimeout, and the limit still holds', async () => {
    const victim = await MongoWorker.start(database, { ...LIMIT_3, leaseTimeout: { minutes: 5 } }, { ownClock: true });
    workers.push(victim);
    await victim.ask('hold', 'alice', 3);
    await victim.kill();
    const clock = new ManualClock(Date.now());
    // A request that is on its way when the clock is moved must not find its own lease over, too.
    const lockout = lockoutHere({ ...LIMIT_3, leaseTimeout: { hours: 1 } }, clock);
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: false, failures: 0, verifying: 3 });

    let verified = 0;
    const guesses = Array.from({ length: 10 }, () =>
      lockout.protect({ username: 'alice' }, async () => {
        verified += 1;
        return false;
      }),
    );
    // They have asked for a slot again and again.
    const { order } = new CommandLog(database.connection);
    await until(() => order.filter((entry) => entry === 'answered findAndModify').length >= 3);
    expect(verified).to.equal(0);
    clock.advance({ minutes: 5 });
    const outcomes = (await Promise.all(guesses)).map(({ outcome }) => outcome).sort();

    expect(verified).to.equal(3);
    expect(outcomes).to.deep.equal([...Array(3).fill('failed'), ...Array(7).fill('refused')]);
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
  });

  it('F6 does not free the slots of a killed process before leaseTimeout, and keeps the failures it counted', async () => {
    const options = { ...LIMIT_3, leaseTimeout: { minutes: 5 }, busyTimeout: { milliseconds: 100 } };
    const [victim] = (await startWorkers(1, options)) as [MongoWorker];
    const lockout = lockoutHere(options);
    await victim.ask('attempt', 'alice', false);
    await victim.ask('hold', 'alice', 2);
    await victim.kill();

    const refused = await lockout.protect({ username: 'alice' }, () => true);

    expect(refused).to.have.nested.property('locked.code', 'ERR_LOCKOUT_BUSY');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 2 });
  });

  for (const [what, skewMs] of [
    ['ahead', HOUR_MS],
    ['behind', -HOUR_MS],
  ] as const) {
    it(`F16 keeps locks right if the clock of another process is an hour ${what}`, async () => {
      const skewed = await MongoWorker.start(database, LIMIT_3, { skewMs });
      workers.push(skewed);
      const lockout = lockoutHere();
      expect((await skewed.ask('time')) - Date.now()).to.be.closeTo(skewMs, 10 * MINUTE_MS);

      for (let index = 0; index < 3; index += 1) await skewed.ask('attempt', 'locked there', false);
      for (let index = 0; index < 3; index += 1) await lockout.protect({ username: 'locked here' }, () => false);

      const here = await lockout.protect({ username: 'locked there' }, () => true);
      // By the real clock, and far from an hour: some minutes for a machine that is busy.
      expect((here as { locked: { retryAfter: number } }).locked.retryAfter).to.be.within(600, 900);
      expect(await skewed.ask('attempt', 'locked here', true)).to.equal('refused');
      for (const username of ['locked there', 'locked here']) {
        const { lockedUntil } = await lockout.status({ username });
        expect((await skewed.ask('status', username)).lockedUntil).to.equal(lockedUntil?.getTime());
      }
      await skewed.ask('block', 'by an operator there', 15 * MINUTE_MS);
      const blocked = await lockout.status({ username: 'by an operator there' });
      expect(blocked.remaining?.toMillis()).to.be.within(10 * MINUTE_MS, 15 * MINUTE_MS);
      expect((await lockout.list()).items).to.have.length(3);
    });

    it(`F16 keeps slots right if the clock of another process is an hour ${what}`, async () => {
      const options = { ...LIMIT_3, busyTimeout: { milliseconds: 100 } };
      const skewed = await MongoWorker.start(database, options, { skewMs });
      workers.push(skewed);
      const lockout = lockoutHere(options);

      await skewed.ask('hold', 'held there', 3);
      let heldHere = 0;
      for (const _ of [1, 2, 3]) {
        void lockout.protect({ username: 'held here' }, () => {
          heldHere += 1;
          return new Promise(() => {});
        });
      }
      await until(() => heldHere === 3);

      expect((await lockout.protect({ username: 'held there' }, () => true)).outcome).to.equal('refused');
      expect(await skewed.ask('attempt', 'held here', true)).to.equal('refused');
      expect(await lockout.status({ username: 'held there' })).to.include({ verifying: 3 });
      expect(await skewed.ask('status', 'held here')).to.include({ verifying: 3 });
    });
  }

  it('F42 notices a block of another process at once, and its unblock after at most lockCacheTtl', async () => {
    const options = { ...LIMIT_3, lockCacheTtl: { minutes: 10 } };
    const [other] = (await startWorkers(1, options)) as [MongoWorker];
    const clock = new ManualClock(Date.now());
    const lockout = lockoutHere(options, clock);
    const knock = async () => (await lockout.protect({ username: 'alice' }, () => true)).outcome;
    expect(await knock()).to.equal('succeeded');

    await other.ask('block', 'alice', 24 * HOUR_MS);
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect(await knock()).to.equal('refused');

    expect(await other.ask('unblock', 'alice')).to.equal(true);
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(false);
    clock.advance({ minutes: 10 });
    expect(await knock()).to.equal('succeeded');
  });
});
