import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that keeps what is slow to build and the record of the running server. It lies outside the checkout so
 * that a fresh clone finds both. `PASSPORT_LOCKOUT_CACHE` moves it.
 */
export function cacheFolder(): string {
  const root = process.env.PASSPORT_LOCKOUT_CACHE || join(homedir(), '.cache', 'passport-lockout');
  return join(root, 'mongo-server');
}

/** Where the output of a command or server called `name` goes. */
export function logFile(name: string): string {
  return join(cacheFolder(), 'logs', `${name}.log`);
}
