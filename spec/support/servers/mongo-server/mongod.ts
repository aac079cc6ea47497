import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answersMongo } from './answers-mongo.js';
import { cacheFolder } from './cache-folder.js';
import { findFreePort } from './free-port.js';
import { spawnServer } from './process/spawn-server.js';
import type { StartedServer } from './running-server.js';

/** Starts a `mongod` on a free loopback port with an empty data folder. */
export async function startMongod(binary: string, description: string): Promise<StartedServer> {
  await mkdir(cacheFolder(), { recursive: true });
  const dataFolder = await mkdtemp(join(cacheFolder(), 'mongod-data-'));
  const port = await findFreePort();
  try {
    const mongod = await spawnServer({
      name: 'mongod',
      command: binary,
      args: ['--dbpath', dataFolder, '--port', String(port), '--bind_ip', '127.0.0.1'],
      isReady: () => answersMongo(port),
    });
    return { description, port, processes: [mongod], dataFolder };
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}
