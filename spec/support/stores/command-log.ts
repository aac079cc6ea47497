/** What a driver sends to the server and when it is answered, by its command monitoring. */
import type { Connection, mongo } from 'mongoose';

export interface SentCommand {
  readonly name: string;
  readonly command: Readonly<Record<string, unknown>>;
}

const OWN = new Set([
  'buildInfo',
  'count',
  'create',
  'createIndexes',
  'delete',
  'explain',
  'find',
  'findAndModify',
  'hello',
  'insert',
  'listIndexes',
  'update',
]);

export class CommandLog {
  readonly sent: SentCommand[] = [];
  /** The order of things: `sent NAME` and `answered NAME`. */
  readonly order: string[] = [];

  /**
   * @param connection - open, made with `monitorCommands: true`
   * @param others - commands that are not recorded otherwise
   */
  constructor(connection: Connection, others: readonly string[] = []) {
    const recorded = new Set([...OWN, ...others]);
    const client = connection.getClient();
    client.on('commandStarted', ({ commandName, command }: mongo.CommandStartedEvent) => {
      if (!recorded.has(commandName)) return;
      this.sent.push({ name: commandName, command });
      this.order.push(`sent ${commandName}`);
    });
    client.on('commandSucceeded', ({ commandName }: mongo.CommandSucceededEvent) => {
      if (recorded.has(commandName)) this.order.push(`answered ${commandName}`);
    });
  }

  /** The names of what was sent since the last time. */
  take(): readonly string[] {
    this.order.length = 0;
    return this.sent.splice(0).map(({ name }) => name);
  }
}
