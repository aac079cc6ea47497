/** A process of an application whose lockout is on MongoDB. */
import type { LockoutOptions } from '../../../lib/index.js';
import { mongoUri } from '../servers/mongo-server/test-environment.js';
import type { MongoDatabase } from './mongo-database.js';
import { Worker, type WorkerOptions } from './worker.js';

export class MongoWorker extends Worker {
  static async start(
    { name }: MongoDatabase,
    options: LockoutOptions,
    { prefix, ...more }: WorkerOptions & { readonly prefix?: string } = {},
  ): Promise<MongoWorker> {
    const database = { uri: mongoUri(), dbName: name, ...(prefix !== undefined && { prefix }) };
    return new MongoWorker(await Worker.fork({ database, options, ...more }));
  }
}
