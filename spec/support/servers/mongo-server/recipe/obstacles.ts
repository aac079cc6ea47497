import { readFile } from 'node:fs/promises';
import { findOnPath } from '../process/find-on-path.js';

/** Commands that cannot be had by the recipe itself. */
const neededCommands = ['apt-get', 'go', 'unshare', 'chroot'];

/** Why the FerretDB recipe cannot run on this machine, or undefined where it can. */
export async function findObstacle(): Promise<string | undefined> {
  if (!(await isDebianLike())) {
    return 'FerretDB is built on Debian-like Linux only';
  }
  if (process.getuid?.() !== 0) {
    return 'FerretDB is built by root only';
  }
  for (const command of neededCommands) {
    if ((await findOnPath(command)) === undefined) {
      return `FerretDB cannot be built without the command ${command}`;
    }
  }
  return undefined;
}

async function isDebianLike(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}
