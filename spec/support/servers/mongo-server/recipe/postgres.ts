import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../free-port.js';
import { runCommand } from '../process/run-command.js';
import { endProcess, type ServerProcess } from '../process/server-process.js';
import { spawnServer } from '../process/spawn-server.js';
import { insideRoot } from './inside-root.js';

/** A PostgreSQL with the DocumentDB extension. */
export interface PostgresServer {
  readonly process: ServerProcess;
  readonly port: number;
  /** Seen from outside the root. */
  readonly dataFolder: string;
}

/** Paths inside the root. */
const binaries = '/usr/lib/postgresql/18/bin';
const home = '/var/lib/postgresql';
const template = `${home}/template`;

/**
 * `localhost` and not 127.0.0.1: the extension's workers connect to that name, which may mean ::1 first. Nothing here
 * needs to survive a crash of the machine, since every start begins with the template.
 */
const settings = {
  shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
  'cron.database_name': 'postgres',
  'cron.log_statement': 'off',
  'cron.log_run': 'off',
  listen_addresses: 'localhost',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  full_page_writes: 'off',
};

/** Makes the database that every start copies: the extension created, everybody on loopback trusted. */
export async function buildTemplate(root: string): Promise<void> {
  const initdb = [`${binaries}/initdb`, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', template];
  await runInside(root, 'initdb', initdb);
  const port = await findFreePort();
  const server = await spawnPostgres(root, template, port);
  try {
    await runSql(root, port, 'create-extension', 'CREATE EXTENSION documentdb CASCADE');
  } finally {
    await endProcess(server);
  }
}

/**
 * Starts PostgreSQL on a fresh copy of the template. A copy, because the server runs without fsync and a machine that
 * was cut off must not leave a broken database in the cache for good.
 */
export async function startPostgres(root: string): Promise<PostgresServer> {
  const port = await findFreePort();
  const data = `${home}/data-${port}`;
  await removeLeftovers(root);
  await runCommand('cp', ['-a', '--reflink=auto', join(root, template), join(root, data)], { log: 'copy-template' });
  const server = await spawnPostgres(root, data, port);
  await pointJobsAt(root, port);
  return { process: server, port, dataFolder: join(root, data) };
}

function spawnPostgres(root: string, data: string, port: number): Promise<ServerProcess> {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return spawnServer({
    name: 'postgres',
    ...insideRoot(root, 'postgres', [`${binaries}/postgres`, '-D', data, '-p', String(port), ...options]),
    // PostgreSQL's fast shutdown; SIGTERM would wait for its clients.
    stopSignal: 'SIGINT',
    isReady: () =>
      runInside(root, 'pg-isready', [`${binaries}/pg_isready`, ...connectTo(port)]).then(
        () => true,
        () => false,
      ),
  });
}

/**
 * pg_cron keeps the port that a job was created with, which was the template's. Left so, no job would run any more:
 * nothing would delete by TTL or build an index in the background.
 */
async function pointJobsAt(root: string, port: number): Promise<void> {
  await runSql(root, port, 'cron-jobs', `UPDATE cron.job SET nodeport = ${port}`);
}

async function runSql(root: string, port: number, log: string, sql: string): Promise<void> {
  await runInside(root, log, [`${binaries}/psql`, ...connectTo(port), '-v', 'ON_ERROR_STOP=1', '-c', sql]);
}

function connectTo(port: number): string[] {
  return ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres'];
}

async function runInside(root: string, log: string, command: readonly string[]): Promise<void> {
  const inside = insideRoot(root, 'postgres', command);
  await runCommand(inside.command, inside.args, { log });
}

/** Data of servers whose runs ended without stopping them. A PostgreSQL still on such a folder ends without it. */
async function removeLeftovers(root: string): Promise<void> {
  const folders = (await readdir(join(root, home))).filter((name) => name.startsWith('data-'));
  await Promise.all(folders.map((name) => rm(join(root, home, name), { recursive: true, force: true })));
}
