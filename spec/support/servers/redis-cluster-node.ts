/** A cluster of Redis of one node, which has all slots. */
import { createClient } from 'redis';
import { until } from '../tools/until.js';
import { freePort } from './ldap-server.js';
import { RedisServer } from './redis-server.js';

/** @param options - further arguments, such as `--requirepass` and a password, which then is `password` */
export async function startClusterNode(options: readonly string[] = [], password?: string): Promise<RedisServer> {
  // By default it is the port plus 10,000, which may be no port at all.
  const busPort = String(await freePort());
  const own = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', busPort];
  const server = await RedisServer.start(...own, ...options);
  const client = await createClient({ url: server.url, ...(password !== undefined && { password }) }).connect();
  await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
  await until(async () => String(await client.sendCommand(['CLUSTER', 'INFO'])).includes('cluster_state:ok'));
  client.destroy();
  return server;
}
