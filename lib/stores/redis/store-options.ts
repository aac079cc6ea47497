/** The options of `RedisStore`. */
import * as z from 'zod/mini';
import { anObject, clock, custom, wholeNumber } from '../../validation/fields.js';
import type { AttemptLog } from '../attempt-log.js';
import type { LockoutStore } from '../store.js';
import { prefixField } from './keys.js';

/** A store that keeps an attempt log. */
export type LogStore = LockoutStore & {
  /** The log that it keeps. */
  readonly attemptLog: AttemptLog;
};

/** Options of a `RedisStore`. */
export interface RedisStoreOptions {
  /**
   * What all keys begin with. Its hash tag, the part in braces, keeps them on one node of a cluster, where one step can reach them
   * all; applications that share a server need different prefixes.
   * @default '{passport-lockout}:'
   */
  readonly prefix?: string | undefined;
  /**
   * How many entries of the attempt log are kept, 1 to 1,000,000, and up to a hundred more: the newest of all users together. 100,000
   * take about 34 MB, of which their index takes 1.7 MB.
   * @default 100_000
   */
  readonly maxAttempts?: number | undefined;
  /**
   * The store that keeps the attempt log instead, such as a `MongoStore`: only locks and counts are then in Redis. `check()` looks
   * at both, and closing this store closes that one.
   * @default the log is in Redis
   */
  readonly attemptLogStore?: LogStore | undefined;
  /**
   * Returns epoch milliseconds; for tests only.
   * @default the server's clock, so that skewed processes agree
   */
  readonly clock?: (() => number) | undefined;
}

export const DEFAULT_MAX_ATTEMPTS = 100_000;
/** The most that its speed was measured with: a search for a name takes a few milliseconds. */
const MOST_ATTEMPTS = 1_000_000;

export const optionsSchema = z
  .strictObject(
    {
      prefix: z.optional(prefixField),
      maxAttempts: z.optional(wholeNumber(1, MOST_ATTEMPTS, 'a whole number from 1 to 1,000,000')),
      attemptLogStore: z.optional(custom<LogStore>('a store with an attempt log, such as a MongoStore', keepsLog)),
      clock: z.optional(clock),
    } satisfies Record<keyof RedisStoreOptions, z.ZodMiniType>,
    anObject,
  )
  .check(
    z.refine(
      ({ maxAttempts, attemptLogStore }) => maxAttempts === undefined || attemptLogStore === undefined,
      'maxAttempts or attemptLogStore: the log of another store has bounds of its own',
    ),
  );

function keepsLog(value: unknown): boolean {
  const { attemptLog, close } = Object(value) as Partial<LogStore>;
  const { append, query, remove } = Object(attemptLog) as Partial<AttemptLog>;
  return [close, append, query, remove].every((method) => typeof method === 'function');
}
