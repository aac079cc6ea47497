import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { childEnvironment } from '../child-environment.js';
import { REPOSITORY } from './repository.js';

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code; rejects only when it cannot be started. */
export function runTool(command: string, args: readonly string[], cwd: string): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env: childEnvironment(), maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** The path of a development dependency's command. */
export function toolPath(name: string): string {
  return join(REPOSITORY, 'node_modules', '.bin', name);
}
