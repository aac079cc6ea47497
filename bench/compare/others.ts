/** The other commands whose figures the README has, one after the other, each under its own heading. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const OTHERS = [
  {
    command: 'npm run bench:parallel -- --django',
    what: 'logins at once: the table "How it compares" of the README',
    args: [fileURLToPath(new URL('../parallel.js', import.meta.url)), '--django'],
  },
  {
    command: 'npm run bench:growth',
    what: 'a login where a million subjects are known, beside one where none are',
    args: ['--max-old-space-size=4096', fileURLToPath(new URL('../growth.js', import.meta.url))],
  },
  {
    command: 'npm run bench:people -- --seeds 1',
    what: 'people and attackers: the table "Under attack" of the README is the last one',
    args: [fileURLToPath(new URL('../people.js', import.meta.url)), '--seeds', '1'],
  },
] as const;

/** Runs them on the same terminal; if one fails, this process will. */
export async function runOthers(): Promise<void> {
  for (const { command, what, args } of OTHERS) {
    console.log(`\n${command}: ${what}\n`);
    const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close');
    if (code !== 0) process.exitCode = 1;
  }
}
