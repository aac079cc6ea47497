import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { logFile } from '../cache-folder.js';
import { searchPath } from './find-on-path.js';
import { lastLines } from './last-lines.js';

/** How to run a command. */
export interface CommandOptions {
  /** Names the log file that keeps the whole output. */
  readonly log: string;
  /** Added to our own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Ended after this many milliseconds; ten minutes by default. */
  readonly timeoutMs?: number;
}

/** Runs a command to its end. A failure carries its last lines and the log file with the rest. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { output, problem } = await collect(command, args, options);
  const path = logFile(options.log);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, output);
  if (problem !== undefined) {
    throw new Error(`${options.log}: \`${command}\` ${problem}; all of it in ${path}\n${lastLines(output)}`);
  }
  return output;
}

function collect(
  command: string,
  args: readonly string[],
  { env, timeoutMs = 600_000 }: CommandOptions,
): Promise<{ output: string; problem?: string }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const output = () => Buffer.concat(chunks).toString('utf8');
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      env: { ...process.env, PATH: searchPath(), LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive', ...env },
    });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => resolve({ output: output(), problem: `did not run (${error.message})` }));
    child.on('close', (code, signal) => {
      resolve(code === 0 ? { output: output() } : { output: output(), problem: `ended with ${code ?? signal}` });
    });
  });
}
