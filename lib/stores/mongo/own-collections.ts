/**
 * The collections on the caller's connection, with their indexes. Not models: mongoose applies the application's plugins to
 * every model, and these could filter or refuse queries, or create indexes of their own.
 */

import type { Connection, Mongoose, Collection as MongooseCollection, mongo } from 'mongoose';
import { describeValue } from '../../validation/describe-value.js';
import { invalidOption } from '../../validation/invalid-option.js';
import type { LockoutDocument } from './lockout-document.js';
import { MARK } from './mark.js';
import { WRITE } from './read-write-concern.js';

/** One of our collections on a connection. */
export interface OwnCollection {
  /** Mongoose's collection, since it waits for a connection that is not open yet; only methods that return a promise do. */
  readonly collection: MongooseCollection;
  readonly db: Connection;
  readonly base: Mongoose;
  readonly indexes: readonly mongo.IndexDescription[];
}

export interface OwnCollections {
  readonly lockouts: OwnCollection;
  readonly attempts: OwnCollection;
  readonly counts: OwnCollection;
  readonly activity: OwnCollection;
  readonly settings: mongo.Collection<SettingDocument>;
}

/** A setting that all processes share. */
export interface SettingDocument {
  readonly _id: string;
  readonly value: string;
}

const LOCKOUT_FIELDS = {
  _id: true,
  dimension: true,
  parts: true,
  failures: true,
  leases: true,
  lockedUntil: true,
  forgetAt: true,
  sources: true,
  takenBackAt: true,
  consecutiveFailures: true,
  consecutiveUntil: true,
  spellings: true,
  firstFailureAt: true,
  lastFailureAt: true,
  guesses: true,
  repeats: true,
  isSprayed: true,
  devices: true,
  cause: true,
  tier: true,
  limit: true,
  reason: true,
  by: true,
  lockedBy: true,
  expiresAt: true,
  madeBy: true,
} satisfies Record<keyof LockoutDocument, true>;

export const LOCKOUT_FIELD_NAMES = Object.keys(LOCKOUT_FIELDS);

/** Only for the queries of `list`, `reset` and `erase`. */
const LOCKOUT_INDEXES: readonly mongo.IndexDescription[] = [
  // With `_id`, any page of a list by end of lock costs what the first does. Only what was ever locked: a flood of names adds nothing.
  { key: { lockedUntil: 1, _id: 1 }, partialFilterExpression: { lockedUntil: { $gt: new Date(0) } } },
  // The same of one dimension, also for counting: a rare dimension does not go through the locks of all others.
  { key: { dimension: 1, lockedUntil: 1, _id: 1 }, partialFilterExpression: { lockedUntil: { $gt: new Date(0) } } },
  // Only what is made of such a value: a record of an address has no entry among those of usernames, and each login writes less.
  ...['parts.username', 'parts.ip'].map((part) => ({
    key: { [part]: 1, _id: 1 } as const,
    partialFilterExpression: { [part]: { $exists: true } },
  })),
];
/** For the queries of `attempts`, newest first. */
const ATTEMPT_INDEXES: readonly mongo.IndexDescription[] = [
  { key: { at: -1, _id: -1 } },
  { key: { username: 1, at: -1, _id: -1 } },
  { key: { ip: 1, at: -1, _id: -1 } },
  // An attack leaves a million failures, between which a login is not found otherwise.
  { key: { outcome: 1, at: -1, _id: -1 } },
];

/** For the queries of `activity`, newest first, and for `erase`. */
const ACTIVITY_INDEXES: readonly mongo.IndexDescription[] = [
  { key: { at: -1, _id: -1 } },
  { key: { by: 1, at: -1, _id: -1 } },
  { key: { action: 1, at: -1, _id: -1 } },
  { key: { key: 1, at: -1, _id: -1 } },
  { key: { 'parts.username': 1 } },
  { key: { 'lifted.parts.username': 1 } },
];

/** NamespaceExists; Unauthorized, and the code that Atlas uses for it. */
const NOT_MADE: ReadonlySet<unknown> = new Set([48, 13, 8_000]);
/** Has its own name, since the application may also have an index on `expiresAt`. */
const TTL_INDEX: mongo.IndexDescription = {
  key: { expiresAt: 1 },
  name: 'passport_lockout_ttl',
  expireAfterSeconds: 0,
  partialFilterExpression: { madeBy: MARK },
};

/** A mongoose connection, or a function that returns one when it is first needed. */
export type ConnectionSource = Connection | (() => Connection);

/**
 * Returns a function that returns the collections. They are created at once, or on its first call if the connection comes
 * from a function.
 *
 * @throws {LockoutConfigError} if there is no mongoose connection
 */
export function collectionsOf(source: ConnectionSource, prefix: string): () => OwnCollections {
  let collections = typeof source === 'function' ? undefined : createCollections(source, prefix);
  return () => {
    collections ??= createCollections((source as () => Connection)(), prefix);
    return collections;
  };
}

/** @throws {LockoutConfigError} if `connection` is not a mongoose connection */
function createCollections(connection: Connection, prefix: string): OwnCollections {
  const base = mongooseOf(connection);
  const own = (name: string, indexes: readonly mongo.IndexDescription[]): OwnCollection => ({
    collection: connection.collection(`${prefix}${name}`),
    db: connection,
    base,
    indexes: [...indexes, TTL_INDEX],
  });
  return {
    lockouts: own('lockouts', LOCKOUT_INDEXES),
    attempts: own('lockout_attempts', ATTEMPT_INDEXES),
    // Found by `_id`, which is the hour.
    counts: own('lockout_hours', []),
    activity: own('lockout_activity', ACTIVITY_INDEXES),
    settings: connection.collection(`${prefix}lockout_settings`) as unknown as OwnCollections['settings'],
  };
}

/**
 * Creates the collection, without which an update pipeline with `$$NOW` fails on some servers. Harmless if it exists already or
 * the database user may not create it: then the first insert creates it, or its error says why not.
 */
export async function makeCollection({ db, collection }: Pick<OwnCollection, 'db' | 'collection'>): Promise<void> {
  try {
    await db.createCollection(collection.name, WRITE as object);
  } catch (error) {
    if (!NOT_MADE.has((error as { readonly code?: unknown }).code)) throw error;
  }
}

/** Returns the copy of mongoose that made the connection: its classes must be used, not those of a copy that we import. */
function mongooseOf(connection: Connection): Mongoose {
  const base = (connection as Partial<Connection> | null | undefined)?.base;
  if (typeof base?.Schema === 'function' && typeof connection.collection === 'function') return base;
  const expected =
    'a mongoose connection, such as mongoose.connection or the result of mongoose.createConnection(), or a function that returns one';
  throw invalidOption('MongoStore connection', expected, describeValue(connection));
}

/** Whether another process has already inserted the document. */
export function isDuplicateKey(error: unknown): boolean {
  const DUPLICATE_KEY = 11_000;
  return (error as { code?: unknown }).code === DUPLICATE_KEY;
}
