import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.js';
import { runCommand } from '../process/run-command.js';
import { reportProgress } from '../progress.js';

/** The release that the specs are known to pass with. */
export const ferretDbVersion = '2.7.0';

/** The FerretDB binary of the cache folder, built from the Go module proxy where it is missing. */
export async function buildFerretDb(): Promise<string> {
  const folder = join(cacheFolder(), `ferretdb-${ferretDbVersion}`);
  const binary = join(folder, 'ferretdb');
  if (existsSync(binary)) {
    return binary;
  }
  reportProgress(`building FerretDB ${ferretDbVersion} with go install (about 90 s, once)`);
  const startedAt = Date.now();
  // Go puts a binary in place only when it is whole, so one that is there is a good one.
  await runCommand('go', ['install', `github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v${ferretDbVersion}`], {
    log: 'go-install',
    env: { GOBIN: folder, CGO_ENABLED: '0' },
  });
  reportProgress(`FerretDB built in ${Math.round((Date.now() - startedAt) / 1000)} s`);
  return binary;
}
