/** A database of its own for each test of a suite, and a proxy on the way to its server that can be cut, held up or made to refuse. */
import type { Awaitable } from '../../../lib/util/awaitable.js';
import { mongoUri } from '../servers/mongo-server/test-environment.js';
import { TcpProxy } from '../servers/tcp-proxy.js';
import { MongoDatabase } from './mongo-database.js';

export interface ProxiedDatabase {
  database: MongoDatabase;
  proxy: TcpProxy;
}

/**
 * To be called in a suite, for it registers hooks; the members are there from the first hook of a test on.
 *
 * @param close - ends what a test has made of them, while the server can be reached
 */
export function useProxiedDatabase(close: () => Awaitable<unknown> = () => {}): ProxiedDatabase {
  const site = {} as ProxiedDatabase;
  beforeEach(async () => {
    site.database = await MongoDatabase.create();
    site.proxy = await TcpProxy.start(mongoUri());
  });
  afterEach(async () => {
    await site.proxy.resume();
    await close();
    await site.database.drop();
    await site.proxy.close();
  });
  return site;
}
