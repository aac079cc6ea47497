/** Counts the commands that a driver sends, and in how many steps, with the driver's own monitoring. */
import type { Connection, mongo } from 'mongoose';
import { nextTurn } from '../run-attempts.js';
import type { Counts } from './field.js';

const NOT_OF_A_LOGIN = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions']);

export class CommandCounter {
  #commands = 0;
  /** How long the chain of answered commands is. */
  #answered = 0;
  /** How long the chain is that ends with each command on its way. */
  readonly #onTheirWay = new Map<number, number>();
  #isIdle: (() => void) | undefined;

  /** @param connection - made with `monitorCommands: true` */
  constructor(connection: Connection) {
    const client = connection.getClient();
    client.on('commandStarted', (event: mongo.CommandStartedEvent) => this.#start(event));
    client.on('commandSucceeded', ({ requestId }: mongo.CommandSucceededEvent) => this.#end(requestId));
    client.on('commandFailed', ({ requestId }: mongo.CommandFailedEvent) => this.#end(requestId));
  }

  /** Counts until nothing is on its way any more, even what was left for after the answer. */
  async during(act: () => Promise<void>): Promise<Counts> {
    this.#commands = 0;
    this.#answered = 0;
    await act();
    await nextTurn();
    if (this.#onTheirWay.size > 0) {
      await new Promise<void>((resolve) => {
        this.#isIdle = resolve;
      });
    }
    return { commands: this.#commands, roundTrips: this.#answered };
  }

  #start({ requestId, commandName, command }: mongo.CommandStartedEvent): void {
    // The log is written in batches, when it is due.
    const isLog = String(command[commandName]).endsWith('attempts');
    if (NOT_OF_A_LOGIN.has(commandName) || isLog) return;
    this.#commands += 1;
    this.#onTheirWay.set(requestId, this.#answered + 1);
  }

  #end(requestId: number): void {
    const length = this.#onTheirWay.get(requestId);
    if (length === undefined) return;
    this.#onTheirWay.delete(requestId);
    this.#answered = Math.max(this.#answered, length);
    if (this.#onTheirWay.size > 0) return;
    // What follows an answer is sent in the turns after it.
    setImmediate(() => {
      if (this.#onTheirWay.size > 0) return;
      this.#isIdle?.();
      this.#isIdle = undefined;
    });
  }
}
