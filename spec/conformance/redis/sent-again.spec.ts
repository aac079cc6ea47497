/** F10: ioredis sends a command whose answer was lost again by itself, however long it has been without a server. */
import { expect } from 'chai';
import { Redis as Ioredis6 } from 'ioredis';
import { Redis as Ioredis5 } from 'ioredis5';
import { Lockout } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { TcpProxy } from '../../support/servers/tcp-proxy.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';
import { until } from '../../support/tools/until.js';

const ALICE = { username: 'alice' };
const LEASE_MS = 2_000;
/** A command is kept until there is a server again. */
const PATIENTLY = { maxRetriesPerRequest: null };

describe('F10 A failure that a client of Redis sends again by itself', () => {
  const CLIENTS = [
    ['ioredis 6', (port: number) => new Ioredis6(port, '127.0.0.1', PATIENTLY)],
    ['ioredis 5', (port: number) => new Ioredis5(port, '127.0.0.1', PATIENTLY)],
  ] as const;
  for (const [name, connect] of CLIENTS) {
    it(`is counted once after its lease, with ${name}`, async () => {
      const database = await RedisDatabase.create();
      const proxy = await TcpProxy.start(database.server.url);
      const client = connect(Number(new URL(proxy.uri).port));
      client.on('error', () => {});
      const options = { dimensions: ['username'], leaseTimeout: { milliseconds: LEASE_MS } } as const;
      const timeouts = { storeTimeout: { minutes: 1 } };
      const lockout = new Lockout({ ...options, ...timeouts, store: new RedisStore(client) });
      const direct = new Lockout({ ...options, store: database.store() });
      await lockout.protect({ username: 'bob' }, () => true);

      let endsAt = 0;
      let isLost: Promise<void> | undefined;
      const answer = lockout.protect(ALICE, () => {
        isLost = proxy.loseAnswerTo('username=alice');
        endsAt = Date.now() + LEASE_MS;
        return false;
      });
      await until(() => isLost !== undefined);
      await isLost;
      await proxy.cut();
      await until(() => Date.now() > endsAt);
      await proxy.resume();

      expect((await answer).outcome).to.equal('refused');
      expect((await direct.status(ALICE)).failures).to.equal(1);
      await lockout.close();
      client.disconnect();
      await proxy.close();
      await database.drop();
    });
  }
});
