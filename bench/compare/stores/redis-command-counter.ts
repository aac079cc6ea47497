/** Counts the commands that a client sends, as the server sees them, and in how many steps. */
import { tracingChannel } from 'node:diagnostics_channel';
import type { createClient } from 'redis';
import { nextTurn } from '../run-attempts.js';
import type { Counts } from './field.js';

export type RedisClient = ReturnType<typeof createClient>;

/** What node-redis publishes: a command, or several that were sent as one. */
const SENT = ['node-redis:command', 'node-redis:batch'];
/** Sent to learn that the monitor has caught up: it is told later than the client is answered. */
const MARK = 'PING';
const OF_A_SCRIPT = ' lua] ';

export class RedisCommandCounter {
  readonly #client: RedisClient;
  readonly #monitor: RedisClient;
  #commands = 0;
  #onMark: (() => void) | undefined;
  /** How long the chain of answered steps is. */
  #answered = 0;
  /** How long the chain is that ends with each step on its way. */
  readonly #onTheirWay = new Map<object, number>();
  #onIdle: (() => void) | undefined;
  readonly #listener = {
    start: (step: object) => this.#onTheirWay.set(step, this.#answered + 1),
    asyncEnd: (step: object) => this.#end(step),
  };

  private constructor(client: RedisClient, monitor: RedisClient) {
    this.#client = client;
    this.#monitor = monitor;
  }

  /** @param client - used by no one else while it is counted */
  static async start(client: RedisClient): Promise<RedisCommandCounter> {
    const monitor: RedisClient = client.duplicate();
    await monitor.connect();
    const counter = new RedisCommandCounter(client, monitor);
    await monitor.monitor((line) => counter.#see(String(line)));
    return counter;
  }

  /** Counts until nothing is on its way any more, even what was left for after the answer. */
  async during(act: () => Promise<void>): Promise<Counts> {
    this.#commands = 0;
    this.#answered = 0;
    this.#onTheirWay.clear();
    // The publisher knows nothing of types that are checked here.
    const channels = SENT.map((name) => tracingChannel<string, object>(name));
    for (const channel of channels) channel.subscribe(this.#listener as never);
    await act();
    await nextTurn();
    if (this.#onTheirWay.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    for (const channel of channels) channel.unsubscribe(this.#listener as never);
    const caughtUp = new Promise<void>((resolve) => {
      this.#onMark = resolve;
    });
    await this.#client.ping();
    await caughtUp;
    return { commands: this.#commands, roundTrips: this.#answered };
  }

  close(): void {
    this.#monitor.destroy();
  }

  #see(line: string): void {
    if (line.includes(OF_A_SCRIPT)) return;
    if (line.includes(`"${MARK}"`)) this.#onMark?.();
    else this.#commands += 1;
  }

  #end(step: object): void {
    const length = this.#onTheirWay.get(step);
    if (length === undefined) return;
    this.#onTheirWay.delete(step);
    this.#answered = Math.max(this.#answered, length);
    if (this.#onTheirWay.size > 0) return;
    // What follows an answer is sent in the turns after it.
    setImmediate(() => {
      if (this.#onTheirWay.size > 0) return;
      this.#onIdle?.();
      this.#onIdle = undefined;
    });
  }
}
