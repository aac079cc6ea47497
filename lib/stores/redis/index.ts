/**
 * Stores lockouts in Redis or Valkey, on your client of node-redis or ioredis.
 *
 * @module
 * @example
 * ```ts
 * import { Lockout } from 'passport-lockout';
 * import { RedisStore } from 'passport-lockout/redis';
 * import { createClient } from 'redis';
 *
 * const client = await createClient().connect();
 * const lockout = new Lockout({ store: new RedisStore(client) });
 * ```
 */
export type { RedisClient } from './client.js';
export { RedisStore } from './redis-store.js';
export type { LogStore, RedisStoreOptions } from './store-options.js';
