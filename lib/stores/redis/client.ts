/** The clients that the store works with, told apart by what they can do: a wrapped or a mocked client works as well. */
import { describeValue } from '../../validation/describe-value.js';
import { invalidOption } from '../../validation/invalid-option.js';

/** Whether the client's own time limit of a command applies, or the caller has one. */
export type Timed = 'byClient' | 'byCaller';

/** All that the store needs from a client. */
export interface RedisConnection {
  /**
   * Sends one command.
   *
   * @param key - decides which node of a cluster gets it
   * @param args - the command and its arguments, which the client keeps
   * @param timed - by the client unless the caller says otherwise
   */
  send(key: string, args: string[], timed?: Timed): Promise<unknown>;
  /** Returns why the client is not connected, as a sentence; null if it is, or does not show it. */
  whyNotReady(): string | null;
}

/** ioredis: a client or a `Cluster`. */
interface IoredisClient {
  call(command: string, args: string[]): Promise<unknown>;
}

/** node-redis. */
interface CommandOptions {
  /** Milliseconds until a command that was not sent is given up. */
  readonly timeout?: number | undefined;
}

/** node-redis: a client or a pool. */
interface NodeRedisClient {
  sendCommand(args: string[], options?: CommandOptions): Promise<unknown>;
}

/** node-redis: a sentinel. */
interface NodeRedisSentinel {
  // biome-ignore lint/suspicious/noExplicitAny: any other type would refuse the client's own
  getMasterNode(...args: any[]): unknown;
  sendCommand(isReadonly: boolean | undefined, args: string[], options?: CommandOptions): Promise<unknown>;
}

/** node-redis: a cluster. */
interface NodeRedisCluster {
  // biome-ignore lint/suspicious/noExplicitAny: any other type would refuse the client's own
  getSlotRandomNode(...args: any[]): unknown;
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean | undefined,
    args: string[],
    options?: CommandOptions,
  ): Promise<unknown>;
}

/** A client of node-redis 4 or later or ioredis 5 or later, that the caller opens and closes. */
export type RedisClient = IoredisClient | NodeRedisClient | NodeRedisSentinel | NodeRedisCluster;

type AnyClient = Partial<IoredisClient & Omit<NodeRedisCluster & NodeRedisSentinel, 'sendCommand'>> & {
  readonly sendCommand?: unknown;
  readonly options?: { readonly keyPrefix?: unknown } | undefined;
  readonly _keyPrefix?: unknown;
  /** ioredis. */
  readonly status?: unknown;
  /** node-redis. */
  readonly isOpen?: unknown;
  readonly isReady?: unknown;
};

const EXPECTED =
  'a client of node-redis (createClient, createClientPool, createSentinel or createCluster) or of ioredis (Redis or Cluster)';

/** @throws {LockoutConfigError} if it is no client, or one that adds a prefix to keys */
export function toConnection(client: RedisClient): RedisConnection {
  const any = Object(client) as AnyClient;
  if (typeof any.sendCommand !== 'function') throw invalidOption('RedisStore client', EXPECTED, describeValue(client));
  refuseKeyPrefix(any);
  return { send: senderOf(client), whyNotReady: () => whyNotReady(any) };
}

/**
 * node-redis 6 gives each command a signal with a timer by default, though only until it is sent. That takes more processor time
 * than all of the rest, and attempts have `storeTimeout`.
 */
const UNTIMED: CommandOptions = { timeout: undefined };

function optionsOf(timed: Timed | undefined): CommandOptions | undefined {
  return timed === 'byCaller' ? UNTIMED : undefined;
}

function senderOf(client: RedisClient): RedisConnection['send'] {
  const { call, getSlotRandomNode, getMasterNode } = client as AnyClient;
  if (typeof call === 'function') {
    const ioredis = client as IoredisClient;
    return (_key, [command = '', ...args]) => ioredis.call(command, args);
  }
  if (typeof getSlotRandomNode === 'function') {
    const cluster = client as NodeRedisCluster;
    return (key, args, timed) => cluster.sendCommand(key, false, args, optionsOf(timed));
  }
  if (typeof getMasterNode === 'function') {
    const sentinel = client as NodeRedisSentinel;
    return (_key, args, timed) => sentinel.sendCommand(false, args, optionsOf(timed));
  }
  const single = client as NodeRedisClient;
  return (_key, args, timed) => single.sendCommand(args, optionsOf(timed));
}

/** Clients queue commands while they are not connected, and say why only to a listener. */
function whyNotReady({ status, isOpen, isReady }: AnyClient): string | null {
  if (isOpen === false || status === 'wait' || status === 'end') {
    return 'the client of Redis is not connected; call its connect(), and do not close it before the lockout';
  }
  if (isReady === false || (typeof status === 'string' && status !== 'ready')) {
    return "the client of Redis is not connected yet, or not again; its 'error' event says why";
  }
  return null;
}

/** ioredis would add it to some of our keys, and node-redis to none, though its owner expects it at all of them. */
function refuseKeyPrefix({ options, _keyPrefix }: AnyClient): void {
  const keyPrefix = options?.keyPrefix || _keyPrefix;
  if (!keyPrefix) return;
  throw invalidOption(
    'RedisStore client',
    "a client without keyPrefix, which is not added to every key; give RedisStore a client of its own, and the option prefix, such as '{my-app}:lockout:'",
    `one with keyPrefix ${describeValue(String(keyPrefix))}`,
  );
}
