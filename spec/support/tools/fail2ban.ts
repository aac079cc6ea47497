/** The real fail2ban-regex of Debian's package fail2ban, with the filter of docs/fail2ban. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './package/repository.js';
import { runTool } from './package/run-tool.js';

const DOCS = join(REPOSITORY, 'docs', 'fail2ban');
const NAME = 'passport-lockout.conf';
const FILTER = join(DOCS, 'filter.d', NAME);

/** What fail2ban bans when it reads these lines, in order. Fails if fail2ban is not installed. */
export async function bannedBy(lines: readonly string[], mode: 'plain' | 'json' = 'plain'): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'passport-lockout-fail2ban-'));
  try {
    const log = join(folder, 'lockout.log');
    await writeFile(log, lines.map((line) => `${line}\n`).join(''));
    const { stdout, stderr } = await runTool('fail2ban-regex', ['-o', '<ip>', log, `${FILTER}[mode=${mode}]`], folder);
    if (stderr !== '') throw new Error(`fail2ban-regex: ${stderr}; it is in Debian's package fail2ban`);
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What fail2ban says to its own configuration with our filter and jail in it. Nothing is started. */
export async function checkJail(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'passport-lockout-fail2ban-'));
  try {
    await cp('/etc/fail2ban', folder, { recursive: true });
    // Debian's own jail needs a log that a container lacks.
    await rm(join(folder, 'jail.d', 'defaults-debian.conf'), { force: true });
    await cp(FILTER, join(folder, 'filter.d', NAME));
    const log = join(folder, 'lockout.log');
    await writeFile(log, '');
    const jail = await readFile(join(DOCS, 'jail.d', NAME), 'utf8');
    await writeFile(join(folder, 'jail.d', NAME), jail.replace('/var/log/app/lockout.log', log));
    const { stdout, stderr } = await runTool('fail2ban-client', ['-c', folder, '-t'], folder);
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}
