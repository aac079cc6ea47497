/** The command `passport-lockout` as a child process, as an operator runs it. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Built as the one in `dist`, so that its coverage is seen. */
const BIN = fileURLToPath(new URL('../../../lib/cli/bin.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class CliProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    this.#child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, cwd });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  write(text: string): void {
    this.#child.stdin.end(text);
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Ends as `head` does once it has seen enough. */
  stopReading(): void {
    this.#child.stdout.destroy();
  }

  async ended(): Promise<CliResult> {
    await this.#closed;
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }
}

export class Cli {
  readonly #env: NodeJS.ProcessEnv;

  /** @param env - what the process is given beside the environment of this one */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  start(...args: readonly string[]): CliProcess {
    return new CliProcess(args, this.#env);
  }

  /** @param input - what stands on its standard input */
  async run(args: readonly string[], { input = '', cwd }: { input?: string; cwd?: string } = {}): Promise<CliResult> {
    const child = new CliProcess(args, this.#env, cwd);
    child.write(input);
    return child.ended();
  }
}
