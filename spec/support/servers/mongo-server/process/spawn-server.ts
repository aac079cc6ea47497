import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { logFile } from '../cache-folder.js';
import { waitUntil } from '../wait-until.js';
import { searchPath } from './find-on-path.js';
import { lastLines } from './last-lines.js';
import { endProcess, identifyProcess, isRunning, type ServerProcess } from './server-process.js';

/** A server to start, and how to see that it is up. */
export interface ServerCommand {
  /** Names the server in messages and its log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly stopSignal?: ServerProcess['stopSignal'];
  /** True as soon as the server does its work. */
  isReady(): Promise<boolean>;
}

const readyTimeoutMs = 60_000;

/**
 * Starts a server that outlives this process and returns when it is ready. One that ends or stays silent is ended and
 * reported with its last lines.
 */
export async function spawnServer(server: ServerCommand): Promise<ServerProcess> {
  const path = logFile(server.name);
  const started = identifyProcess(spawnDetached(server, path), server.stopSignal);
  const settled = await waitUntil(async () => !isRunning(started) || (await server.isReady()), readyTimeoutMs);
  if (settled && isRunning(started)) {
    return started;
  }
  await endProcess(started);
  const problem = settled ? 'ended at its start' : `is not ready after ${readyTimeoutMs / 1000} s`;
  throw new Error(`${server.name} ${problem}; all of it in ${path}\n${lastLines(readFileSync(path, 'utf8'))}`);
}

function spawnDetached({ name, command, args }: ServerCommand, log: string): number {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: searchPath(), LC_ALL: 'C.UTF-8' },
    });
    // Without a listener a command that cannot be run would end this process; the missing id shows the same.
    child.on('error', () => {});
    child.unref();
    if (child.pid === undefined) {
      throw new Error(`${name}: \`${command}\` cannot be run.`);
    }
    return child.pid;
  } finally {
    closeSync(output);
  }
}
