/** The real fail2ban-regex of Debian's package fail2ban, with the filter of docs/fail2ban. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from './package/repository.js';
import { runTool } from './package/run-tool.js';

const FILTER = join(REPOSITORY, 'docs', 'fail2ban', 'filter.d', 'passport-lockout.conf');

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
