#!/usr/bin/env node
/** The command `passport-lockout`. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.js';

/** Three folders above what was built of this file; `import.meta` would not compile as CommonJS. */
function version(): string {
  const manifest = join(dirname(realpathSync(process.argv[1] as string)), '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** An application that was loaded may fail by itself, such as with a connection that nobody waits for. */
function nextUncaught(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('unhandledRejection', reject);
    process.once('uncaughtException', reject);
  });
}

const { stdin, stdout, stderr, env } = process;
const io = { stdin, stdout, stderr, env, cwd: process.cwd(), version: version(), uncaught: nextUncaught() };
// An application that was loaded might keep the process open for ever.
void run(process.argv.slice(2), io).then((exitCode) => process.exit(exitCode));
