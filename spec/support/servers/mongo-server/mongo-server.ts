import { withLock } from './lock.js';
import { identifyProcess, isRunning, type ServerProcess } from './process/server-process.js';
import { reportProgress } from './progress.js';
import { startFirstAvailable } from './providers.js';
import {
  endRunningServer,
  isAnswering,
  type RunningServer,
  readRunningServer,
  recordRunningServer,
  uriOf,
} from './running-server.js';

/** A MongoDB-protocol server to run specs against. */
export interface MongoServer {
  readonly uri: string;
  /** What it is, for a person. */
  readonly description: string;
  /** Gives it back. The last run that does so ends it, unless the CLI keeps it. */
  stop(): Promise<void>;
}

/** There is no server, and why. */
export interface MongoServerUnavailable {
  readonly unavailable: string;
}

/**
 * A server from `MONGODB_URI`, else one that runs already from an earlier start, else the first of: a `mongod` on PATH,
 * the package mongodb-memory-server, FerretDB built in the cache folder (Debian-like Linux, as root).
 */
export async function startMongoServer(): Promise<MongoServer | MongoServerUnavailable> {
  const uri = process.env.MONGODB_URI;
  if (uri) {
    return { uri, description: 'the server of MONGODB_URI', stop: async () => {} };
  }
  return withLock(async () => {
    const server = await reuseOrStart();
    if ('unavailable' in server) {
      return server;
    }
    const user = identifyProcess(process.pid);
    await recordRunningServer({ ...server, users: [...server.users.filter(isRunning), user] });
    return { uri: uriOf(server), description: server.description, stop: () => leave(server, user) };
  });
}

/** Like `startMongoServer`, but the server stays until `stopKeptServer`, whatever uses it meanwhile. */
export async function startKeptServer(): Promise<MongoServer | MongoServerUnavailable> {
  const server = await startMongoServer();
  if (!('unavailable' in server)) {
    await withLock(async () => {
      const running = await readRunningServer();
      if (running !== undefined && uriOf(running) === server.uri) {
        await recordRunningServer({ ...running, isKept: true });
      }
    });
    await server.stop();
  }
  return server;
}

/** Ends the running server, even one that is used or kept. False where there was none. */
export async function stopKeptServer(): Promise<boolean> {
  return withLock(async () => {
    const running = await readRunningServer();
    if (running === undefined) {
      return false;
    }
    await endRunningServer(running);
    return true;
  });
}

/** The server that runs now, if any. */
export async function findRunningServer(): Promise<RunningServer | undefined> {
  const running = await readRunningServer();
  return running !== undefined && (await isAnswering(running)) ? running : undefined;
}

async function reuseOrStart(): Promise<RunningServer | MongoServerUnavailable> {
  const running = await readRunningServer();
  if (running !== undefined) {
    if (await isAnswering(running)) {
      reportProgress(`using the running ${running.description}`);
      return running;
    }
    await endRunningServer(running);
  }
  const started = await startFirstAvailable();
  return 'unavailable' in started ? started : { ...started, users: [], isKept: false };
}

async function leave(server: RunningServer, user: ServerProcess): Promise<void> {
  await withLock(async () => {
    const running = await readRunningServer();
    if (running === undefined || running.port !== server.port) {
      return;
    }
    const users = withoutOne(running.users, user).filter(isRunning);
    if (users.length > 0 || running.isKept) {
      await recordRunningServer({ ...running, users });
    } else {
      await endRunningServer(running);
    }
  });
}

/** One process may have started the server twice, and then leaves it twice. */
function withoutOne(users: readonly ServerProcess[], user: ServerProcess): ServerProcess[] {
  const index = users.findIndex(({ pid, startedAt }) => pid === user.pid && startedAt === user.startedAt);
  return users.filter((_, position) => position !== index);
}
