import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answersMongo } from '../answers-mongo.js';
import { cacheFolder } from '../cache-folder.js';
import { findFreePort } from '../free-port.js';
import { endProcess, type ServerProcess } from '../process/server-process.js';
import { spawnServer } from '../process/spawn-server.js';
import { reportProgress } from '../progress.js';
import type { StartedServer } from '../running-server.js';
import { buildDebianRoot } from './debian-root.js';
import { buildFerretDb, ferretDbVersion } from './ferretdb-binary.js';
import { findObstacle } from './obstacles.js';
import { type PostgresServer, startPostgres } from './postgres.js';

/**
 * FerretDB in front of PostgreSQL with the DocumentDB extension: what can be had where only package registries are
 * reachable, for no registry carries a `mongod`. The first build takes one to two minutes, later starts seconds.
 */
export async function startFerretDb(): Promise<StartedServer | string> {
  const obstacle = await findObstacle();
  if (obstacle !== undefined) {
    return obstacle;
  }
  const startedAt = Date.now();
  const [binary, root] = await settleBoth(buildFerretDb(), buildDebianRoot());
  const postgres = await startPostgres(root);
  try {
    const port = await findFreePort();
    const ferretDb = await spawnFerretDb(binary, postgres, port);
    const description = `FerretDB ${ferretDbVersion} on PostgreSQL 18 with DocumentDB`;
    reportProgress(`${description}: up on port ${port} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    return { description, port, processes: [ferretDb, postgres.process], dataFolder: postgres.dataFolder };
  } catch (error) {
    await endProcess(postgres.process);
    throw error;
  }
}

async function spawnFerretDb(binary: string, postgres: PostgresServer, port: number): Promise<ServerProcess> {
  const stateFolder = join(cacheFolder(), 'ferretdb-state');
  await rm(stateFolder, { recursive: true, force: true });
  await mkdir(stateFolder, { recursive: true });
  return spawnServer({
    name: 'ferretdb',
    command: binary,
    args: [
      `--postgresql-url=postgres://postgres@127.0.0.1:${postgres.port}/postgres`,
      `--listen-addr=127.0.0.1:${port}`,
      // Its default is a fixed port, on which a second server would fail.
      '--debug-addr=-',
      `--state-dir=${stateFolder}`,
      '--no-auth',
      '--telemetry=disable',
      '--log-level=warn',
    ],
    isReady: () => answersMongo(port),
  });
}

/** Both results, or the first failure, but never before both have ended: the lock must not be given back under one. */
async function settleBoth<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
}
