/** Runs the store's scripts: by their digest, and by their text once on a server that does not know them yet. */
import { createHash } from 'node:crypto';
import type { RedisConnection, Timed } from './client.js';
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
  run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    return this.#run(name, keys, args, 'byClient').catch((error: unknown) => {
      throw explained(error);
    });
  }

  /**
   * Runs a step of an attempt, and repeats it once if the connection broke: its lease makes a second run change nothing and answer
   * the same, while the event of a lock would be lost with the answer. It is timed by `storeTimeout`.
   */
  attempt(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    // Each login comes by here twice, so nothing is awaited on the way.
    return this.#run(name, keys, args, 'byCaller').catch((error: unknown) => {
      if (error instanceof Error && REPLIED.test(error.message)) throw explained(error);
      return this.#run(name, keys, args, 'byCaller').catch((again: unknown) => {
        throw explained(again);
      });
    });
  }

  #run(name: ScriptName, keys: readonly string[], args: readonly string[], timed: Timed): Promise<unknown> {
    const [key = ''] = keys;
    const count = String(keys.length);
    return this.#connection.send(key, ['EVALSHA', DIGESTS[name], count, ...keys, ...args], timed).catch((error: unknown) => {
      // After a restart, a failover or SCRIPT FLUSH; the text is then known to the server.
      if (!(error instanceof Error && error.message.startsWith(UNKNOWN_SCRIPT))) throw error;
      return this.#connection.send(key, ['EVAL', SCRIPTS[name], count, ...keys, ...args], timed);
    });
  }
}
