import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { answersMongo } from './answers-mongo.js';
import { cacheFolder } from './cache-folder.js';
import { endProcess, isRunning } from './process/server-process.js';

const processSchema = z.object({
  pid: z.int().positive(),
  startedAt: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']),
});

const runningServerSchema = z.object({
  description: z.string(),
  port: z.int().positive(),
  /** What to end, in this order. */
  processes: z.array(processSchema),
  /** Its data, thrown away with it. */
  dataFolder: z.string(),
  /** The runs that use it; the last to leave ends it. */
  users: z.array(processSchema),
  /** Set by the CLI: it stays when the last user leaves. */
  isKept: z.boolean(),
});

/** A server on this machine, as recorded for the runs that come after the one that started it. */
export type RunningServer = z.infer<typeof runningServerSchema>;

/** The result of a provider: a running server that is not used yet. */
export type StartedServer = Omit<RunningServer, 'users' | 'isKept'>;

const recordPath = () => join(cacheFolder(), 'running.json');

/** The recorded server, whether or not it still runs; undefined if there is none or the record is unreadable. */
export async function readRunningServer(): Promise<RunningServer | undefined> {
  try {
    return runningServerSchema.parse(JSON.parse(await readFile(recordPath(), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Records the server for later runs. */
export async function recordRunningServer(server: RunningServer): Promise<void> {
  const path = recordPath();
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(server, undefined, 2));
  await rename(`${path}.new`, path);
}

/** Whether every process of the server runs and the whole answers. */
export async function isAnswering(server: StartedServer): Promise<boolean> {
  return server.processes.every(isRunning) && (await answersMongo(server.port));
}

/** Ends whatever still runs of the server and forgets it with its data. */
export async function endRunningServer(server: StartedServer): Promise<void> {
  for (const target of server.processes) {
    await endProcess(target);
  }
  await rm(server.dataFolder, { recursive: true, force: true });
  await rm(recordPath(), { force: true });
}

/** The address for a driver. */
export function uriOf(server: StartedServer): string {
  return `mongodb://127.0.0.1:${server.port}/`;
}
