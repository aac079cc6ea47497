/** Several processes on one Redis server: real child processes, a real kill -9, a server that is stopped. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type ProtectResult } from '../../../lib/index.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';
import { RedisWorker } from '../../support/stores/redis-worker.js';
import { atDepth } from '../../support/tools/depth.js';
import { until } from '../../support/tools/until.js';

const LIMIT_3: LockoutOptions = {
  ...PATIENT,
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  busyTimeout: { minutes: 1 },
};
const ROUNDS = atDepth({ quick: 4, deep: 20 });
const HOUR_MS = 3_600_000;

describe('With several processes on Redis, a lockout', () => {
  let database: RedisDatabase;
  let workers: RedisWorker[];
  let lockouts: Lockout[];

  beforeEach(async () => {
    database = await RedisDatabase.create();
    workers = [];
    lockouts = [];
  });
  afterEach(async () => {
    await Promise.all([...workers.map((worker) => worker.stop()), ...lockouts.map((lockout) => lockout.close())]);
    await database.drop();
  });

  async function startWorkers(each: readonly LockoutOptions[]): Promise<void> {
    workers.push(...(await Promise.all(each.map((options) => RedisWorker.start(database.server, options)))));
  }

  /** @param clock - by which its store goes, instead of the server's */
  function lockoutHere(options: LockoutOptions = LIMIT_3, clock?: ManualClock): Lockout {
    const lockout = new Lockout({ ...options, store: database.store(clock ? { clock: clock.read } : {}) });
    lockouts.push(lockout);
    return lockout;
  }

  async function eventsOf(name: string): Promise<number> {
    const counts = await Promise.all(workers.map((worker) => worker.ask('events')));
    return counts.reduce((sum, events) => sum + (events[name] ?? 0), 0);
  }

  it(`F2 verifies 3 of 3 times 40 wrong guesses and emits one event in all, in each of ${ROUNDS} rounds`, async () => {
    await startWorkers([LIMIT_3, LIMIT_3, LIMIT_3]);
    for (let round = 1; round <= ROUNDS; round += 1) {
      const bursts = await Promise.all(workers.map((worker) => worker.ask('burst', `user ${round}`, 40, false)));

      expect(sum(bursts.map(({ verified }) => verified)), `verified in round ${round}`).to.equal(3);
      expect(sum(bursts.map(({ outcomes }) => outcomes['refused'] ?? 0))).to.equal(117);
      expect(await eventsOf('username_blocked'), `events after round ${round}`).to.equal(round);
    }
    expect(await eventsOf('store_error')).to.equal(0);
  });

  it('F2 lets 3 times 40 right logins of one user all succeed, and keeps nothing of them', async () => {
    await startWorkers([LIMIT_3, LIMIT_3, LIMIT_3]);
    const bursts = await Promise.all(workers.map((worker) => worker.ask('burst', 'alice', 40, true)));

    expect(bursts.map(({ outcomes }) => outcomes)).to.deep.equal(Array(3).fill({ succeeded: 40 }));
    const keys = await database.client.keys('*');
    expect(keys.filter((key) => !key.includes('}:attempts'))).to.deep.equal([]);
  });

  it('F2 holds the limits of two subjects, whose order is another in each process', async () => {
    const both: LockoutOptions = {
      ...LIMIT_3,
      tiers: { username: [{ failures: 3, cooloff: { minutes: 15 } }], ip: [{ failures: 5, cooloff: { minutes: 15 } }] },
    };
    await startWorkers([
      { ...both, dimensions: ['username', 'ip'] },
      { ...both, dimensions: ['ip', 'username'] },
    ]);
    const guess = (index: number) =>
      (workers[index % 2] as RedisWorker).ask('attempt', `user ${index % 4}`, false, '203.0.113.9');
    await Promise.all(Array.from({ length: 80 }, (_, index) => guess(index)));

    const status = await lockoutHere({ ...both, dimensions: ['username', 'ip'] }).status({ ip: '203.0.113.9' });
    expect(status).to.include({ failures: 5, verifying: 0, locked: true });
    expect([await eventsOf('ip_blocked'), await eventsOf('store_error')]).to.deep.equal([1, 0]);
  });

  it('F6 gives the slots of a killed process back after leaseTimeout, and the limit still holds', async () => {
    const victim = await RedisWorker.start(
      database.server,
      { ...LIMIT_3, leaseTimeout: { minutes: 5 } },
      { ownClock: true },
    );
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
    await until(async () => (await callsOf('evalsha', database.client)) >= 5);
    expect(verified).to.equal(0);
    clock.advance({ minutes: 5 });
    const outcomes = (await Promise.all(guesses)).map(({ outcome }) => outcome).sort();

    expect(verified).to.equal(3);
    expect(outcomes).to.deep.equal([...Array(3).fill('failed'), ...Array(7).fill('refused')]);
  });

  it('F6 does not free the slots of a killed process before leaseTimeout, and keeps the failures it counted', async () => {
    const options = { ...LIMIT_3, leaseTimeout: { minutes: 5 }, busyTimeout: { milliseconds: 100 } };
    await startWorkers([options]);
    const [victim] = workers as [RedisWorker];
    await victim.ask('attempt', 'alice', false);
    await victim.ask('hold', 'alice', 2);
    await victim.kill();
    const lockout = lockoutHere(options);

    const refused = await lockout.protect({ username: 'alice' }, () => true);

    expect(refused).to.have.nested.property('locked.code', 'ERR_LOCKOUT_BUSY');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 2 });
  });

  it('F6 verifies at most 3 guesses if a process is killed in the middle of a burst', async () => {
    const options = { ...LIMIT_3, leaseTimeout: { minutes: 5 }, busyTimeout: { seconds: 1 } };
    await startWorkers([options, options, options]);
    const [victim, ...others] = workers as [RedisWorker, ...RedisWorker[]];
    await victim.ask('hold', 'alice', 1);
    const lost = victim.ask('burst', 'alice', 40, false).catch(() => undefined);
    const bursts = others.map((worker) => worker.ask('burst', 'alice', 40, false));
    const lockout = lockoutHere(options);
    const taken = async () => {
      const { failures, verifying } = await lockout.status({ username: 'alice' });
      return failures + verifying;
    };
    await until(async () => (await taken()) > 1);
    await victim.kill();
    await lost;

    const verified = sum((await Promise.all(bursts)).map((burst) => burst.verified));
    expect(verified).to.be.at.most(2);
    // What the killed process held, and what was counted: never more than the limit together.
    expect(await taken()).to.equal(3);
  });

  it('F16 counts together if the clock of another process is an hour ahead', async () => {
    const skewed = await RedisWorker.start(database.server, LIMIT_3, { skewMs: HOUR_MS });
    workers.push(skewed);
    const lockout = lockoutHere();
    await skewed.ask('attempt', 'alice', false);
    for (let index = 0; index < 2; index += 1) await lockout.protect({ username: 'alice' }, () => false);

    expect(await skewed.ask('attempt', 'alice', true)).to.equal('refused');
    const { lockedUntil } = await lockout.status({ username: 'alice' });
    expect((await skewed.ask('status', 'alice')).lockedUntil).to.equal(lockedUntil?.getTime());
  });

  describe('when the server is stopped', () => {
    let lockout: Lockout;
    let verified: number;

    beforeEach(() => {
      lockout = lockoutHere({ ...LIMIT_3, storeTimeout: { seconds: 1 } });
      verified = 0;
    });
    afterEach(() => process.kill(database.server.pid, 'SIGCONT'));

    const guess = (username = 'alice') =>
      lockout.protect({ username }, () => {
        verified += 1;
        return false;
      });
    const codeOf = (result: ProtectResult<unknown>) =>
      result.outcome === 'refused' ? result.locked.code : result.outcome;
    /** Until the server has answered everything that it was sent. */
    async function resume(): Promise<void> {
      process.kill(database.server.pid, 'SIGCONT');
      await until(async () => (await lockout.status({ username: 'bob' }).catch(() => null)) !== null);
      await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    }

    it('refuses with 503 instead of waiting, and is exact once it goes on', async () => {
      expect(codeOf(await guess())).to.equal('failed');
      process.kill(database.server.pid, 'SIGSTOP');
      const codes = (await Promise.all(Array.from({ length: 40 }, () => guess()))).map(codeOf);
      expect(new Set(codes)).to.deep.equal(new Set(['ERR_LOCKOUT_STORE_UNAVAILABLE']));
      expect(verified).to.equal(1);

      await resume();
      await Promise.all(Array.from({ length: 40 }, () => guess()));
      expect(verified).to.equal(3);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
    });

    it('does not say whether a guess was right that is verified meanwhile, and counts it afterwards', async () => {
      let fail: ((isRight: boolean) => void) | undefined;
      const guessed = lockout.protect(
        { username: 'alice' },
        () =>
          new Promise<boolean>((resolve) => {
            fail = resolve;
          }),
      );
      await until(() => fail !== undefined);
      process.kill(database.server.pid, 'SIGSTOP');
      fail?.(false);
      expect(codeOf(await guessed)).to.equal('ERR_LOCKOUT_STORE_UNAVAILABLE');

      await resume();
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, locked: false });
    });
  });
});

/** How often the server has run a command. */
async function callsOf(command: string, client: RedisDatabase['client']): Promise<number> {
  const stats = await client.info('commandstats');
  return Number(new RegExp(`^cmdstat_${command}:calls=(?<calls>\\d+)`, 'm').exec(stats)?.groups?.['calls'] ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
