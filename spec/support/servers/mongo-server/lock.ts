import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.js';
import { findOnPath } from './process/find-on-path.js';
import { reportProgress } from './progress.js';

/**
 * Runs `work` while no other process of this machine is inside `withLock`, so that two spec runs never provision,
 * start or stop the server at the same time.
 *
 * The kernel holds the lock for flock(1), whose `cat` lives exactly as long as our end of its standard input: a run
 * that crashes gives the lock back, and there is no stale lock file to judge. Where there is no flock (macOS) nothing
 * is provisioned either, and the work goes on unlocked.
 */
export async function withLock<Result>(work: () => Promise<Result>): Promise<Result> {
  const release = await acquireLock(join(cacheFolder(), 'lock'));
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquireLock(path: string): Promise<() => void> {
  await mkdir(dirname(path), { recursive: true });
  const flock = await findOnPath('flock');
  if (flock === undefined) {
    return () => {};
  }
  const holder = spawn(flock, ['--no-fork', path, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  // Its early end is reported below; the failed write to it adds no information.
  holder.stdin.on('error', () => {});
  const waiting = setTimeout(() => reportProgress('waiting for another run that is starting or stopping it'), 1_000);
  try {
    holder.stdin.write('echoed as soon as cat runs, which is when the lock is ours\n');
    await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(failedToLock)]);
  } finally {
    clearTimeout(waiting);
  }
  return () => holder.stdin.end();
}

function failedToLock(): never {
  throw new Error('flock ended without giving the lock.');
}
