/** What an attempt costs on the wire, and what happens when a connection breaks. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { HOME, POLICY } from '../../../lib/testing/examples.js';
import { StoreUnderTest } from '../../../lib/testing/store-under-test.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';
import { until } from '../../support/tools/until.js';
import { username } from '../examples.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const LIMIT_3: LockoutOptions = {
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'off',
  dimensions: ['username', 'ip'],
};
describe('The commands of RedisStore', () => {
  const database = useRedisDatabase();
  let use: StoreUnderTest;

  beforeEach(async () => {
    use = new StoreUnderTest(database.store());
  });

  describe('on the wire', () => {
    let monitor: ReturnType<typeof createClient>;
    let seen: string[];
    let lockout: Lockout;

    beforeEach(async () => {
      seen = [];
      monitor = createClient({ url: database.server.url });
      await monitor.connect();
      // Of clients, not of scripts.
      await monitor.monitor((line) => {
        if (!line.includes(' lua] ')) seen.push(line.split('"')[1] ?? '');
      });
      const clock = new ManualClock();
      lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: new RedisStore(database.client, { clock: clock.read }) });
    });
    afterEach(() => monitor.destroy());

    async function commandsOf(act: () => unknown): Promise<readonly string[]> {
      await caughtUp();
      await act();
      return caughtUp();
    }

    /** The server tells the monitor later than it answers. */
    async function caughtUp(): Promise<readonly string[]> {
      await database.client.ping();
      await until(() => seen.includes('PING'));
      return seen.splice(0).filter((command) => command !== 'PING');
    }

    it('takes 2 commands for an attempt on two subjects, right or wrong, also for the one that locks', async () => {
      await lockout.protect(ALICE, () => true);
      for (const isRight of [true, false, false, true, false, false]) {
        expect(await commandsOf(() => lockout.protect(ALICE, () => isRight))).to.deep.equal(['EVALSHA', 'EVALSHA']);
      }
    });

    it('takes one more command with the first login, which asks how the server is', async () => {
      expect(await commandsOf(() => lockout.protect(ALICE, () => true))).to.have.length.within(3, 6);
    });

    it('takes no command for a refused attempt within lockCacheTtl', async () => {
      for (let failure = 0; failure < 3; failure += 1) await lockout.protect(ALICE, () => false);
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
      expect(await commandsOf(() => lockout.protect(ALICE, () => true))).to.deep.equal([]);
    });

    it('sends the text of a script once to a server that does not know it', async () => {
      // The first login also asks the server how it is.
      await lockout.protect(ALICE, () => false);
      await database.client.sendCommand(['SCRIPT', 'FLUSH']);
      await caughtUp();
      expect(await commandsOf(() => lockout.protect(ALICE, () => false))).to.deep.equal([
        'EVALSHA',
        'EVAL',
        'EVALSHA',
        'EVAL',
      ]);
      expect(await commandsOf(() => lockout.protect(ALICE, () => false))).to.deep.equal(['EVALSHA', 'EVALSHA']);
    });
  });

  describe('when a connection breaks', () => {
    it('repeats a step whose answer was lost, so that the lock is still told', async () => {
      let isBroken = false;
      const breaking = {
        sendCommand: async (args: string[]) => {
          const reply = await database.client.sendCommand(args);
          if (isBroken) {
            isBroken = false;
            throw new Error('Socket closed unexpectedly');
          }
          return reply;
        },
      };
      use = new StoreUnderTest(new RedisStore(breaking));
      const alice = username('alice');
      await use.fail(alice, 2);
      const lease = await use.take(alice);
      isBroken = true;
      const { didLock, failures } = await use.store.settle(alice, POLICY, lease, 'failure', HOME);
      expect([didLock, failures]).to.deep.equal([true, 3]);
    });

    it('repeats nothing that the server has refused', async () => {
      let sent = 0;
      const refusing = {
        sendCommand: async () => {
          sent += 1;
          throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
        },
      };
      const store = new RedisStore(refusing);
      const refused = await store.reserve(username('alice'), POLICY, 'a').catch((error: Error) => error.message);
      expect(refused).to.match(/^OOM /);
      expect(sent).to.equal(1);
    });
  });
});
