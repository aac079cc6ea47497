/** A real redis-server with nothing in it, on a free port of the loopback; gone with the spec that started it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../tools/until.js';
import { freePort } from './ldap-server.js';
import { findOnPath } from './mongo-server/process/find-on-path.js';

const READY = 'Ready to accept connections';

export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  /** For a spec process that ends by an error. */
  readonly #kill = () => this.#child.kill('SIGKILL');
  #log = '';

  private constructor(command: string, folder: string, port: number, options: readonly string[]) {
    this.#folder = folder;
    this.port = port;
    const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    this.#child = spawn(command, [...own, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
    process.once('exit', this.#kill);
    // Without a listener it would end this process; the missing id shows the same.
    this.#child.on('error', () => {});
  }

  /** @param options - further arguments, such as `--maxmemory` and `12mb` */
  static async start(...options: readonly string[]): Promise<RedisServer> {
    const command = await findOnPath('redis-server');
    if (!command) throw new Error('redis-server is not installed: apt-get install redis-server');
    const server = new RedisServer(command, await mkdtemp(join(tmpdir(), 'lockout-redis-')), await freePort(), options);
    await until(() => server.#isReady(), 'redis-server accepts connections');
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Of the process, for signals. */
  get pid(): number {
    return this.#child.pid as number;
  }

  /**
   * Its data go with it, so it is not asked: SIGTERM waits for a server that is paused, that saves, or whose replicas lag.
   * A child that saves may live a moment longer, and holds the pipes: so not until `close`.
   */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await ended;
    }
    process.off('exit', this.#kill);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  #isReady(): boolean {
    if (this.#child.pid === undefined || this.#child.exitCode !== null) {
      throw new Error(`redis-server ended at its start:\n${this.#log}`);
    }
    return this.#log.includes(READY);
  }
}
