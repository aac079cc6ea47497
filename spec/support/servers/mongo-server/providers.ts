import { memoryServerBinary } from './memory-server-binary.js';
import { startMongod } from './mongod.js';
import { findOnPath } from './process/find-on-path.js';
import { reportProgress } from './progress.js';
import { startFerretDb } from './recipe/ferretdb.js';
import type { StartedServer } from './running-server.js';

/** A way to a server: starts it, explains in a sentence why it does not apply here, or throws when it should have worked. */
type Provider = () => Promise<StartedServer | string>;

/** In the order in which they are tried. */
const providers: readonly Provider[] = [mongodOnPath, mongodOfMemoryServer, startFerretDb];

/** The server of the first provider that has one, or every provider's reason. */
export async function startFirstAvailable(): Promise<StartedServer | { readonly unavailable: string }> {
  const reasons: string[] = [];
  for (const provider of providers) {
    const result = await provider().catch(failureOf);
    if (typeof result !== 'string') {
      return result;
    }
    reasons.push(result);
  }
  return { unavailable: `no MONGODB_URI; ${reasons.join('; ')}` };
}

/** A provider that should have worked is worth a word even where a later one steps in. */
function failureOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  reportProgress(message);
  return message;
}

async function mongodOnPath(): Promise<StartedServer | string> {
  const binary = await findOnPath('mongod');
  return binary === undefined ? 'no mongod on PATH' : startMongod(binary, `mongod (${binary})`);
}

async function mongodOfMemoryServer(): Promise<StartedServer | string> {
  const binary = await memoryServerBinary();
  return binary === undefined
    ? 'mongodb-memory-server is not installed'
    : startMongod(binary, `mongod of mongodb-memory-server (${binary})`);
}
