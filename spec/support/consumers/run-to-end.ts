import { execFile } from 'node:child_process';
import { childEnvironment } from '../tools/child-environment.js';

export interface Surroundings {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** What a command printed on stdout; rejects with all that it printed if it fails or cannot be started. */
export function runToEnd(command: string, args: readonly string[], { cwd, env }: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: childEnvironment(env), maxBuffer: 2 ** 26 };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${[command, ...args].join(' ')}: ${error.code}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}
