/** The bundlers, compilers, installers and runtimes that use the packed package in the specs of `spec/package/consumers`. */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../servers/mongo-server/cache-folder.js';
import { withLock } from '../servers/mongo-server/lock.js';
import { REPOSITORY } from '../tools/package/repository.js';
import { runToEnd } from './run-to-end.js';

/** Of package.json and its lock, which name them; not among our own dependencies, since they take 1.1 GB. */
const LIST = join(REPOSITORY, 'spec', 'support', 'consumers', 'installed');
const NAMES = ['package.json', 'package-lock.json'];

/** The commands' paths, by the name of their package in `spec/support/consumers/installed/package.json`. */
export interface Tools {
  /** A JavaScript file for Node, or a program. */
  path(...segments: readonly string[]): string;
}

/**
 * Installed once for each state of the list, in a cache folder outside the checkout; what an older list brought is removed.
 * Needs a registry the first time, and rejects with npm's words if there is none.
 */
export async function consumerTools(): Promise<Tools> {
  const lists = await Promise.all(NAMES.map((name) => readFile(join(LIST, name))));
  const hash = createHash('sha256').update(Buffer.concat(lists)).digest('hex').slice(0, 16);
  const root = join(dirname(cacheFolder()), 'consumers');
  const folder = join(root, hash);
  // Spec files run in processes of their own, at the same time.
  await withLock(async () => {
    await mkdir(root, { recursive: true });
    const present = await readdir(root);
    await Promise.all(present.filter((name) => name !== hash).map((name) => rm(join(root, name), { recursive: true })));
    if (!present.includes(hash)) await install(`${folder}.part`, folder);
  });
  return { path: (...segments) => join(folder, 'node_modules', ...segments) };
}

/** Under its own name only once it is complete. */
async function install(unfinished: string, folder: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished);
  for (const name of NAMES) await cp(join(LIST, name), join(unfinished, name));
  // No package's script runs: the programs come in packages of their own, and need none.
  await runToEnd('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: unfinished });
  await rename(unfinished, folder);
}
