/** A copy of an example as a child process, driven from outside like a user drives it. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { childEnvironment } from '../tools/child-environment.js';
import type { ExampleCopy } from './example-copy.js';

type Child = ChildProcessByStdio<null, Readable, Readable>;

export class ExampleProcess {
  readonly #child: Child;
  #output = '';

  private constructor(child: Child) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  /** @param env - beside the port, which is any that is free */
  static start({ args, folder }: ExampleCopy, env: NodeJS.ProcessEnv = {}): ExampleProcess {
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: childEnvironment({ PORT: '0', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ExampleProcess(child);
  }

  /** All that was printed so far, errors included. */
  get output(): string {
    return this.#output;
  }

  /** The first match in the output, now or later. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      if (this.#hasEnded) throw new Error(`the example ended without printing ${pattern}:\n${this.#output}`);
      // The end of the output counts as news, too, or a crash would be waited for.
      const news = new AbortController();
      const { signal } = news;
      const { stdout, stderr } = this.#child;
      const streams = [stdout, stderr].map((stream) => once(stream, 'data', { signal }));
      await Promise.race([...streams, once(this.#child, 'close', { signal })]);
      news.abort();
    }
  }

  /** @returns the exit code; null when the signal itself ended it */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.#hasEnded) {
      const closed = once(this.#child, 'close');
      this.#child.kill(signal);
      await closed;
    }
    return this.#child.exitCode;
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
