/** Everybody keeps counts in a Redis server of its own, with nothing in it before; by one client of node-redis each. */
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createClient } from 'redis';
import type { LockoutOptions } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { RedisServer } from '../../../spec/support/servers/redis-server.js';
import { CASE } from '../cases.js';
import { type Contender, type NameLimit, WINDOW_SECONDS } from '../contender.js';
import { createOurs, createPlain } from '../ours.js';
import { type CreateLimiter, createConsumeFirst, createRecipe } from '../peers/rate-limiter-flexible.js';
import type { WithField } from './field.js';
import { type RedisClient, RedisCommandCounter } from './redis-command-counter.js';

export const withRedis: WithField = async (use) => {
  const server = await RedisServer.start();
  const client: RedisClient = createClient({ url: server.url });
  await client.connect();
  const counted: RedisClient = client.duplicate();
  await counted.connect();
  // A server that tells a monitor is slower, so it tells only while commands are counted.
  let counter: RedisCommandCounter | undefined;
  try {
    const version = /^redis_version:(?<version>\S+)/m.exec(await client.info('server'))?.groups?.['version'];
    return await use({
      store: 'redis',
      description: `Redis ${version} on the loopback, node-redis`,
      create: (nameLimit) => createContenders(client, 'timed', nameLimit, {}),
      wire: {
        // The batches of the log would be counted as commands of the logins.
        create: (nameLimit) => createContenders(counted, 'counted', nameLimit, { attemptLog: 'off' }),
        count: async (act) => {
          counter ??= await RedisCommandCounter.start(counted);
          return counter.during(act);
        },
        close: async () => counter?.close(),
      },
    });
  } finally {
    counter?.close();
    counted.destroy();
    client.destroy();
    await server.stop();
  }
};

async function createContenders(
  client: RedisClient,
  prefix: string,
  nameLimit: NameLimit,
  options: LockoutOptions,
): Promise<readonly Contender[]> {
  const ofLimit = `${prefix}_${nameLimit}`;
  const limiters = createLimiters(client, ofLimit);
  const blocking = createLimiters(client, `${ofLimit}_blocking`, true);
  return [
    createPlain(),
    createOurs(new RedisStore(client, { prefix: `{${ofLimit}}:` }), nameLimit, options),
    await createConsumeFirst(limiters, nameLimit),
    await createRecipe(limiters, nameLimit),
    // Remembers in memory who is locked, as ours does; that changes nothing else.
    { ...(await createConsumeFirst(blocking, nameLimit, 'rlf block')), cases: [CASE.refused, CASE.refusedInTurn] },
  ];
}

export function createLimiters(client: RedisClient, prefix: string, isBlocking = false): CreateLimiter {
  return async (name, points) =>
    new RateLimiterRedis({
      storeClient: client,
      useRedisPackage: true,
      keyPrefix: `${prefix}_${name}`,
      points,
      duration: WINDOW_SECONDS,
      ...(isBlocking && { inMemoryBlockOnConsumed: points }),
    });
}
