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

interface Call {
  readonly name: ScriptName;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  readonly timed: Timed;
}

export class ScriptRunner {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** Runs a script once, and never again: what it did is unknown if its answer is lost. */
  run(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const call = { name, keys, args, timed: 'byClient' } as const;
    return this.#send(call).catch((error: unknown) => this.#sendText(call, error));
  }

  /**
   * Runs a step of an attempt, and repeats it once if the connection broke: its lease makes a second run change nothing and answer
   * the same, while the event of a lock would be lost with the answer. The caller limits the time.
   */
  attempt(name: ScriptName, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const call = { name, keys, args, timed: 'byCaller' } as const;
    // Each login comes by here twice, so there is one promise on the way.
    return this.#send(call).catch((error: unknown) => {
      if (error instanceof Error && REPLIED.test(error.message)) return this.#sendText(call, error);
      return this.#send(call).catch((again: unknown) => this.#sendText(call, again));
    });
  }

  #send({ name, keys, args, timed }: Call): Promise<unknown> {
    const [key = ''] = keys;
    return this.#connection.send(key, ['EVALSHA', DIGESTS[name], String(keys.length), ...keys, ...args], timed);
  }

  /** Sends the text of a script that the server does not know: after a restart, a failover or SCRIPT FLUSH. */
  async #sendText({ name, keys, args, timed }: Call, error: unknown): Promise<unknown> {
    if (!(error instanceof Error && error.message.startsWith(UNKNOWN_SCRIPT))) throw explained(error);
    const [key = ''] = keys;
    try {
      return await this.#connection.send(key, ['EVAL', SCRIPTS[name], String(keys.length), ...keys, ...args], timed);
    } catch (second) {
      throw explained(second);
    }
  }
}
