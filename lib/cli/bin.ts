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

void run(process, version());
