/** Runs the store's scripts: by their digest, and by their text once on a server that does not know them yet. */
import { createHash } from 'node:crypto';
import type { RedisConnection } from './client.js';
import { explained } from './explain.js';
import { SCRIPTS } from './scripts.generated.js';

export type ScriptName = keyof typeof SCRIPTS;

const DIGESTS = Object.fromEntries(
  Object.entries(SCRIPTS).map(([name, text]) => [name, createHash('sha1').update(text).digest('hex')]),
) as Readonly<Record<ScriptName, string>>;

/** The server answered with an error: these begin with a code in capitals, unlike those of clients. */
const REPLIED = /^[A-Z]{2,} /;
const UNKNOWN_SCRIPT = 'NOSCRIPT ';

export class ScriptRunner {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Runs a script once, and never again: what it did is unknown if its answer is lost. */
  async run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.#send(name, keys, args);
    } catch (error) {
      throw explained(error);
    }
  }

  /**
   * Runs a script whose lease makes a second run change nothing and answer the same, and repeats it once if the connection broke:
   * otherwise the event of a lock would be lost with the answer.
   */
  async runRepeatably(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    try {
      return await this.run(name, keys, args);
    } catch (error) {
      if (error instanceof Error && REPLIED.test(error.message)) throw error;
      return this.run(name, keys, args);
    }
  }

  async #send(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const [key = ''] = keys;
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.#connection.send(key, ['EVALSHA', DIGESTS[name], ...rest]);
    } catch (error) {
      // After a restart, a failover or SCRIPT FLUSH; the text is then known to the server.
      if (!(error instanceof Error && error.message.startsWith(UNKNOWN_SCRIPT))) throw error;
      return this.#connection.send(key, ['EVAL', SCRIPTS[name], ...rest]);
    }
  }
}
