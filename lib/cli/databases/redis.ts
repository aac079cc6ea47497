/** Opens the server or the cluster of `--redis`, by the client that the application has installed. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisStore } from '../../stores/redis/redis-store.js';
import { maskCredentials } from '../escape.js';
import { CliError, EXIT } from '../exit.js';
import { CONNECT_TIMEOUT_MS, type Database, messageOf, unreachable } from './database.js';
import { ioredis } from './ioredis.js';
import { nodeRedis } from './node-redis.js';
import type { ClientPackage, OpenedClient, OpenedServer } from './redis-client.js';

const PACKAGES: readonly ClientPackage[] = [nodeRedis, ioredis];
const NEEDED = '--redis and REDIS_URL need redis (node-redis) or ioredis, version 5 or later, where the command is run';
const CLUSTER_ENABLED = /^cluster_enabled:1\r?$/m;

interface LoadedPackage {
  readonly clients: ClientPackage;
  readonly loaded: object;
}

/**
 * @param cwd - the folder from which the client's package is resolved
 * @throws {CliError} if no client is installed, the URI is wrong, or the server does not answer
 */
export async function openRedis(uri: string, prefix: string | undefined, cwd: string): Promise<Database> {
  const url = parse(uri);
  const { client, close } = await opened(loadClients(cwd), url).catch((error: unknown) => {
    throw unreachable(error, uri);
  });
  try {
    return { store: new RedisStore(client, { prefix }), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The clients would take much else for an address, each in its own way. */
function parse(uri: string): URL {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url?.hostname && /^rediss?:$/.test(url.protocol) && /^(?:\/\d*)?$/.test(url.pathname)) return url;
  const expected =
    'expected redis://host:port/0 or rediss://host:port/0, with user:password@ before the host if needed';
  throw new CliError(EXIT.usage, `the URI of --redis or REDIS_URL is wrong: ${expected}`);
}

function loadClients(cwd: string): LoadedPackage {
  // Node uses only the folder; the file need not exist.
  const require = createRequire(join(cwd, 'here.js'));
  const found = PACKAGES.filter(({ name }) => isInstalled(name, require));
  for (const clients of found) {
    const loaded = load(clients.name, require);
    if (clients.isUsable(loaded)) return { clients, loaded };
  }
  const what = found.length === 0 ? 'no client of Redis is installed' : 'the installed client of Redis is too old';
  throw new CliError(EXIT.usage, `${what}; ${NEEDED}`);
}

function isInstalled(name: string, require: NodeJS.Require): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function load(name: string, require: NodeJS.Require): object {
  try {
    return require(name) as object;
  } catch (error) {
    throw new CliError(EXIT.usage, `cannot load ${name}: ${maskCredentials(messageOf(error))}`);
  }
}

async function opened({ clients, loaded }: LoadedPackage, url: URL): Promise<OpenedClient> {
  const single = await inTime(clients.open(loaded, url));
  if (!(await isCluster(single))) return single;
  single.close();
  return inTime(clients.openCluster(loaded, url));
}

async function isCluster({ info }: OpenedServer): Promise<boolean> {
  try {
    return CLUSTER_ENABLED.test(String(await inTime(info('cluster'))));
  } catch {
    // A user without the right to INFO; a server that has gone is reported by the command itself.
    return false;
  }
}

/** A server that hangs takes the connection, and answers nothing. */
async function inTime<Result>(answer: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const { signal } = timer;
  const tooLate = sleep(CONNECT_TIMEOUT_MS, undefined, { signal }).then(() => {
    throw new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1_000} seconds`);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    timer.abort();
  }
}
