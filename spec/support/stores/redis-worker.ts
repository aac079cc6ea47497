/** A process of an application whose lockout is on Redis. */
import type { LockoutOptions } from '../../../lib/index.js';
import type { RedisServer } from '../servers/redis-server.js';
import { Worker, type WorkerOptions } from './worker.js';

export class RedisWorker extends Worker {
  static async start({ url }: RedisServer, options: LockoutOptions, more: WorkerOptions = {}): Promise<RedisWorker> {
    return new RedisWorker(await Worker.fork({ database: { redisUrl: url }, options, ...more }));
  }
}
