import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../cache-folder.js';
import { findOnPath } from '../process/find-on-path.js';
import { runCommand } from '../process/run-command.js';
import { reportProgress } from '../progress.js';
import { insideRoot } from './inside-root.js';
import { buildTemplate } from './postgres.js';

/** Ends in the recipe's version: raised when a step changes, so that no older build is taken for the new one. */
const rootName = 'debian-postgresql-18-r1';

/** In the name of a build until it is whole. */
const unfinishedMark = '.unfinished-';

/** The snapshot's release files may be older than they allow themselves to be. */
const aptOptions = ['-o', 'Acquire::Check-Valid-Until=false', '-o', 'Dpkg::Options::=--force-unsafe-io'];

/**
 * A Debian sid below the cache folder with PostgreSQL 18, the DocumentDB extension and an empty database, built where
 * it is missing. A root of its own because the packages need a newer libc than a stable Debian has. It takes its final
 * name when it is whole, so a build that was cut short is begun again and never used.
 */
export async function buildDebianRoot(): Promise<string> {
  const root = join(cacheFolder(), rootName);
  if (existsSync(root)) {
    return root;
  }
  await removeUnfinished();
  // A name of its own, for a debootstrap whose run was killed may go on writing to its folder for a while.
  const unfinished = `${root}${unfinishedMark}${process.pid}`;
  await bootstrap(unfinished);
  await installPostgres(unfinished);
  reportProgress('creating the database with the DocumentDB extension');
  await buildTemplate(unfinished);
  await rename(unfinished, root);
  return root;
}

async function bootstrap(root: string): Promise<void> {
  await installDebootstrap();
  reportProgress('bootstrapping Debian sid with debootstrap (about 50 s, once)');
  await mkdir(root, { recursive: true });
  // Its own mount namespace, so that what it mounts in the root is gone when it ends, however it ends.
  await runCommand('unshare', ['--mount', 'debootstrap', '--variant=minbase', 'sid', root], { log: 'debootstrap' });
}

async function installDebootstrap(): Promise<void> {
  if ((await findOnPath('debootstrap')) !== undefined) {
    return;
  }
  reportProgress('installing debootstrap');
  // A third-party source that cannot be reached fails the update as a whole, though Debian's own lists are there.
  await runCommand('apt-get', ['update'], { log: 'apt-update' }).catch((error: Error) => reportProgress(error.message));
  await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'debootstrap', 'debian-archive-keyring'], {
    log: 'apt-install',
  });
}

async function installPostgres(root: string): Promise<void> {
  reportProgress('installing PostgreSQL 18 with the DocumentDB extension in it (about 30 s, once)');
  // Debian would create and start a cluster on the standard port; ours is made by initdb.
  await mkdir(join(root, 'etc/postgresql-common'), { recursive: true });
  await writeFile(join(root, 'etc/postgresql-common/createcluster.conf'), 'create_main_cluster = false\n');
  await aptGet(root, 'chroot-apt-update', ['update']);
  await aptGet(root, 'chroot-apt-install', [
    'install',
    '-y',
    '--no-install-recommends',
    'postgresql-18',
    'postgresql-18-documentdb',
  ]);
  await aptGet(root, 'chroot-apt-clean', ['clean']);
}

async function aptGet(root: string, log: string, args: readonly string[]): Promise<void> {
  const { command, args: inside } = insideRoot(root, 'root', ['apt-get', ...aptOptions, ...args]);
  await runCommand(command, inside, { log });
}

async function removeUnfinished(): Promise<void> {
  const names = (await readdir(cacheFolder())).filter((name) => name.includes(unfinishedMark));
  for (const name of names) {
    // Whatever someone mounted in it, such as /dev, is not ours to delete. What cannot go now goes with the next build.
    await runCommand('rm', ['-rf', '--one-file-system', join(cacheFolder(), name)], { log: 'remove-unfinished' }).catch(
      (error: Error) => reportProgress(error.message),
    );
  }
}
