/** A process of an application, as a spec drives it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '../tools/child-environment.js';
import type { WorkerCommands, WorkerSetup } from './worker-process.js';

const SCRIPT = fileURLToPath(new URL('worker-process.js', import.meta.url));

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface Pending {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** What differs between workers, whatever they keep their counts in. */
export type WorkerOptions = Omit<WorkerSetup, 'database' | 'options'>;

export class Worker {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  protected constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', ({ id, result, error }: Reply) => {
      const pending = this.#pending.get(id as number);
      if (!pending) return;
      this.#pending.delete(id as number);
      if (error === undefined) pending.resolve(result as never);
      else pending.reject(new Error(error));
    });
    child.on('exit', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the worker has ended'));
      this.#pending.clear();
    });
  }

  /** Starts the process, and waits until it follows commands. */
  protected static async fork(setup: WorkerSetup): Promise<ChildProcess> {
    const child = fork(SCRIPT, { env: childEnvironment({ WORKER: JSON.stringify(setup) }) });
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => {
        throw new Error('the worker ended before it was ready');
      }),
    ]);
    return child;
  }

  ask<K extends keyof WorkerCommands>(name: K, ...args: Parameters<WorkerCommands[K]>): ReturnType<WorkerCommands[K]> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#child.send({ id, name, args });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    }) as ReturnType<WorkerCommands[K]>;
  }

  /** `kill -9`: no handler runs, nothing is given back. */
  kill(): Promise<void> {
    return this.#end(() => this.#child.kill('SIGKILL'));
  }

  stop(): Promise<void> {
    return this.#end(() => this.#child.disconnect());
  }

  async #end(end: () => void): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    end();
    await exited;
  }
}
