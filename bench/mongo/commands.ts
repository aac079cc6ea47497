/** Counts the commands that a driver sends, with its own monitoring. */
import type { Connection } from 'mongoose';

const NOT_OF_A_LOGIN = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions']);

export class CommandCount {
  #count = 0;

  constructor(connection: Connection) {
    connection.getClient().on('commandStarted', ({ commandName, command }) => {
      // Not counted: the log is written in batches, when it is due.
      const isLog = String(command[commandName]).endsWith('attempts');
      if (!NOT_OF_A_LOGIN.has(commandName) && !isLog) this.#count += 1;
    });
  }

  async during(act: () => Promise<unknown>): Promise<number> {
    const before = this.#count;
    await act();
    return this.#count - before;
  }
}
