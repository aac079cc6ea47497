/** Runs the store's scripts: by their digest, and by their text once on a server that does not know them yet. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { unanswered } from '../../util/unanswered.js';
import type { RedisConnection, Timed } from './client.js';
import { codesOf, explained, remedyOf } from './explain.js';
import { SCRIPTS } from './scripts.generated.js';

export type ScriptName = keyof typeof SCRIPTS;

const DIGESTS = Object.fromEntries(
  Object.entries(SCRIPTS).map(([name, text]) => [name, createHash('sha1').update(text).digest('hex')]),
) as Readonly<Record<ScriptName, string>>;

/** The server answered with an error: these begin with a code in capitals, unlike those of clients. */
const REPLIED = /^[A-Z]{2,} /;
const UNKNOWN_SCRIPT = 'NOSCRIPT ';
/** A slot of a cluster is being moved, and only some keys of the step are there yet: nothing was done. */
const SLOT_MOVES = 'TRYAGAIN ';
/** The server is not the one to ask, or not yet: one that has just become the primary has no replicas. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'READONLY',
  'LOADING',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'MOVED',
  'ASK',
  'NOREPLICAS',
]);
/** Together well below `storeTimeout`: a key that is moved is there in a moment. */
const WAITS_MS = [5, 10, 20, 40, 80, 160];

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
    return this.#send(call).catch((error: unknown) => this.#afterReply(call, error));
  }

  /**
   * Runs a step of an attempt, and repeats it once if the connection broke: its lease makes a second run change nothing and answer
   * the same, while the event of a lock would be lost with the answer. The caller limits the time.
   *
   * @param toResent - makes the arguments of the second run
   * @throws the error of the server or the client, marked as `unanswered` if the step may have been carried out
   */
  attempt(
    name: ScriptName,
    keys: readonly string[],
    args: readonly string[],
    toResent: (args: readonly string[]) => readonly string[],
  ): Promise<unknown> {
    const call = { name, keys, args, timed: 'byCaller' } as const;
    // Each login comes by here twice, so there is one promise on the way.
    return this.#send(call).catch((error: unknown) => {
      if (isReply(error)) return this.#afterReply(call, error);
      const again = { ...call, args: toResent(args) };
      return this.#send(again)
        .catch((reply: unknown) => this.#afterReply(again, reply))
        .catch((last: unknown) => {
          // Whatever this says, the first run may have been carried out.
          throw unanswered(last);
        });
    });
  }

  /** Sends the script again while a slot is being moved, and its text to a server that does not know it. */
  async #afterReply(call: Call, reply: unknown): Promise<unknown> {
    let error = reply;
    let isUnknown = false;
    for (const ms of WAITS_MS) {
      // After a restart, a failover or SCRIPT FLUSH.
      isUnknown ||= beginsWith(error, UNKNOWN_SCRIPT);
      const isMoving = beginsWith(error, SLOT_MOVES);
      if (!isMoving && !beginsWith(error, UNKNOWN_SCRIPT)) break;
      if (isMoving) await wait(ms);
      try {
        return await (isUnknown ? this.#sendText(call) : this.#send(call));
      } catch (another) {
        error = another;
      }
    }
    const told = isReply(error) ? explained(error) : error;
    throw isRefusal(error) ? told : unanswered(told);
  }

  #send({ name, keys, args, timed }: Call): Promise<unknown> {
    const [key = ''] = keys;
    return this.#connection.send(key, ['EVALSHA', DIGESTS[name], String(keys.length), ...keys, ...args], timed);
  }

  #sendText({ name, keys, args, timed }: Call): Promise<unknown> {
    const [key = ''] = keys;
    return this.#connection.send(key, ['EVAL', SCRIPTS[name], String(keys.length), ...keys, ...args], timed);
  }
}

function isReply(error: unknown): boolean {
  return error instanceof Error && REPLIED.test(error.message);
}

/**
 * Whether it is certain that nothing was done. A proxy, too, answers `ERR` when it has lost the server behind it; and in a failover some
 * clients send what one server may have done to another one, whose refusal is all that is heard.
 */
function isRefusal(error: unknown): boolean {
  if (!isReply(error)) return false;
  const { message } = error as Error;
  if (codesOf(message).some((code) => ELSEWHERE.has(code))) return false;
  return !beginsWith(error, 'ERR ') || remedyOf(message) !== undefined;
}

function beginsWith(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.startsWith(code);
}
