/** One life of a worker process, from its start to its end or its kill. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../../spec/support/tools/child-environment.js';
import { readJournal } from './journal.js';
import type { Evidence, Line } from './records.js';
import type { WorkerMessage, WorkerSetup } from './worker.js';

const SCRIPT = fileURLToPath(new URL('worker.js', import.meta.url));

export class Life {
  /** What its memory had at its end, if that was its store. */
  final: Evidence['final'];
  readonly #child: ChildProcess;
  readonly #setup: WorkerSetup;
  readonly #ended: Promise<unknown>;
  #error = '';

  /** @param onAttempts - called with how many more attempts it has begun */
  constructor(setup: WorkerSetup, onAttempts: (count: number) => void) {
    this.#setup = setup;
    // Killed before its first line, it has an empty journal.
    writeFileSync(setup.journal, '', { flag: 'a' });
    this.#child = fork(SCRIPT, { env: childEnvironment({ SOAK: JSON.stringify(setup) }), silent: true });
    this.#child.stderr?.on('data', (text: Buffer) => {
      this.#error += text;
    });
    this.#ended = once(this.#child, 'close');
    this.#child.on('message', (message: WorkerMessage) => {
      if ('attempts' in message) onAttempts(message.attempts);
      else this.final = message.final as NonNullable<Evidence['final']>;
    });
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** `kill -9`: no handler runs, nothing is given back. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Lets its clients finish their turns. */
  async stop(): Promise<void> {
    this.resume();
    if (!this.isOver) this.#child.send('stop');
    await this.#ended;
    this.assertAlive();
  }

  /** @throws if it ended otherwise than by a kill */
  assertAlive(): void {
    const { exitCode } = this.#child;
    if (exitCode !== null && exitCode !== 0)
      throw new Error(`worker ${this.#setup.worker} ended by itself:\n${this.#error}`);
  }

  read(): readonly Line[] {
    return readJournal(this.#setup.journal);
  }
}
