/** The command `passport-lockout`: in this process, which takes milliseconds, or as a child process, which takes a second. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../../lib/cli/run.js';
import { IS_DEEP } from './depth.js';
import { readManifest } from './package/repository.js';
import { until } from './until.js';

/** Built as the one in `dist`, so that its coverage is seen. */
const BIN = fileURLToPath(new URL('../../../lib/cli/bin.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** No spec may work on a database that the environment happens to name. */
const NO_DATABASE = { MONGODB_URI: '', REDIS_URL: '' };

interface RunOptions {
  /** What stands on its standard input. */
  readonly input?: string;
  readonly cwd?: string;
}

export class Cli {
  readonly #env: NodeJS.ProcessEnv;

  /** @param env - what the command is given beside the environment of this process, from which it gets no database */
  constructor(env: NodeJS.ProcessEnv) {
    this.#env = { ...NO_DATABASE, ...env };
  }

  /** In this process; in a deep run as a child process, with the very same result. */
  run(args: readonly string[], options: RunOptions = {}): Promise<CliResult> {
    return IS_DEEP ? this.runProcess(args, options) : this.#runHere(args, options);
  }

  async runProcess(args: readonly string[], { input = '', cwd }: RunOptions = {}): Promise<CliResult> {
    const child = new CliProcess(args, this.#env, cwd);
    child.write(input);
    return child.ended();
  }

  /** A child process that goes on. */
  start(...args: readonly string[]): CliProcess {
    return new CliProcess(args, this.#env);
  }

  async #runHere(args: readonly string[], { input = '', cwd = process.cwd() }: RunOptions): Promise<CliResult> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const printed = Promise.all([text(stdout), text(stderr)]);
    const code = await run(args, {
      stdin: Readable.from([input]),
      stdout,
      stderr,
      env: { ...process.env, ...this.#env },
      cwd,
      version: (await readManifest()).version,
      // Mocha fails the running spec for a rejection that nobody handles.
      uncaught: new Promise(() => {}),
    });
    stdout.end();
    stderr.end();
    const [out, err] = await printed;
    return { code, stdout: out, stderr: err };
  }
}

export class CliProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #closed: Promise<unknown>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string) {
    this.#child = spawn(process.execPath, [BIN, ...args], { env: { ...process.env, ...env }, cwd });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stdout += chunk;
    });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr += chunk;
    });
  }

  write(input: string): void {
    this.#child.stdin.end(input);
  }

  /** Until this stands on standard output. */
  shows(part: string): Promise<void> {
    return until(() => this.#stdout.includes(part), `the command prints ${JSON.stringify(part)}`);
  }

  /** Until this stands on standard error. */
  notes(part: string): Promise<void> {
    return until(() => this.#stderr.includes(part), `the command says ${JSON.stringify(part)}`);
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
