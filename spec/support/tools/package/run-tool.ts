import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from './repository.js';

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code; rejects only when it cannot be started. */
export function runTool(command: string, args: readonly string[], cwd: string): Promise<ToolResult> {
  // What a tool runs is no coverage of ours, and collecting it is slow.
  const { NODE_V8_COVERAGE: _, NODE_OPTIONS: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** The path of a development dependency's command. */
export function toolPath(name: string): string {
  return join(REPOSITORY, 'node_modules', '.bin', name);
}
