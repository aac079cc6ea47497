#!/usr/bin/env node
/** The command `passport-lockout`. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './run.js';

/** The manifest is three folders above the compiled file; `import.meta` would not compile as CommonJS. */
function version(): string {
  const manifest = join(dirname(realpathSync(process.argv[1] as string)), '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}

/** Rejects on an uncaught error of the loaded application, such as a connection that nothing awaits. */
function nextUncaught(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('unhandledRejection', reject);
    process.once('uncaughtException', reject);
  });
}

const { stdin, stdout, stderr, env } = process;
const io = { stdin, stdout, stderr, env, cwd: process.cwd(), version: version(), uncaught: nextUncaught() };
// The loaded application might keep the process alive forever.
void run(process.argv.slice(2), io).then((exitCode) => process.exit(exitCode));
