/** The mongoose models on the caller's connection, with their indexes. */
import type { Connection, Model, Mongoose, mongo, Schema } from 'mongoose';
import { LockoutConfigError } from '../../errors.js';
import { describeValue } from '../../validation/describe-value.js';
import type { AttemptDocument } from './attempt-document.js';
import type { LockoutDocument } from './lockout-document.js';
import { MARK } from './mark.js';
import { WRITE } from './read-write-concern.js';

export interface Models {
  readonly lockouts: Model<LockoutDocument>;
  readonly attempts: Model<AttemptDocument>;
  readonly settings: mongo.Collection<SettingDocument>;
}

/** What all processes share beside the records. */
export interface SettingDocument {
  readonly _id: string;
  readonly value: string;
}

const LOCKOUT_FIELDS = {
  _id: String,
  dimension: String,
  parts: Object,
  failures: Number,
  leases: [{ _id: false, id: String, until: Date }],
  lockedUntil: Date,
  forgetAt: Date,
  sources: [{ _id: false, t: String, n: Number, a: Date, f: Date }],
  takenBackAt: [Date],
  consecutiveFailures: Number,
  consecutiveUntil: Date,
  spellings: [{ _id: false, t: String, n: Number }],
  firstFailureAt: Date,
  lastFailureAt: Date,
  cause: String,
  tier: Number,
  limit: Number,
  reason: String,
  by: String,
  lockedBy: String,
  expiresAt: Date,
  madeBy: String,
} satisfies Record<keyof LockoutDocument, unknown>;

export const LOCKOUT_FIELD_NAMES = Object.keys(LOCKOUT_FIELDS);

const ATTEMPT_FIELDS = {
  at: Date,
  outcome: String,
  count: Number,
  username: String,
  ip: String,
  userAgent: String,
  method: String,
  path: String,
  action: String,
  sessionHash: String,
  reason: String,
  dimension: String,
  cause: String,
  tier: Number,
  expiresAt: Date,
  madeBy: String,
} satisfies Record<Exclude<keyof AttemptDocument, '_id'>, unknown>;

/** What `list`, `reset` and `erase` query by, and no more. */
const LOCKOUT_INDEXES = [{ lockedUntil: 1 }, { 'parts.username': 1, _id: 1 }, { 'parts.ip': 1, _id: 1 }] as const;
/** What `attempts` queries by, newest first. */
const ATTEMPT_INDEXES = [
  { at: -1, _id: -1 },
  { username: 1, at: -1, _id: -1 },
  { ip: 1, at: -1, _id: -1 },
] as const;

/** NamespaceExists; Unauthorized, also as Atlas says it. */
const NOT_MADE: ReadonlySet<unknown> = new Set([48, 13, 8_000]);
/** A name of its own: the application may have an index on `expiresAt`, too. */
const TTL_INDEX = 'passport_lockout_ttl';

/** A mongoose connection, or a function that returns it once it is there. */
export type ConnectionSource = Connection | (() => Connection);

/**
 * Made at once, or by the first call where the connection comes from a function.
 *
 * @throws {LockoutConfigError} when there is no mongoose connection
 */
export function modelsOf(source: ConnectionSource, prefix: string): () => Models {
  let models = typeof source === 'function' ? undefined : createModels(source, prefix);
  return () => {
    models ??= createModels((source as () => Connection)(), prefix);
    return models;
  };
}

/**
 * Models of this prefix on the connection; those of an earlier store with the same prefix are used again.
 *
 * @throws {LockoutConfigError} when `connection` is no mongoose connection
 */
function createModels(connection: Connection, prefix: string): Models {
  const { Schema } = mongooseOf(connection);
  return {
    lockouts: modelOf<LockoutDocument>(connection, Schema, `${prefix}lockouts`, LOCKOUT_FIELDS, LOCKOUT_INDEXES),
    attempts: modelOf<AttemptDocument>(
      connection,
      Schema,
      `${prefix}lockout_attempts`,
      ATTEMPT_FIELDS,
      ATTEMPT_INDEXES,
    ),
    settings: connection.collection(`${prefix}lockout_settings`) as unknown as Models['settings'],
  };
}

/**
 * An update pipeline with `$$NOW` fails on some servers where there is no collection. Harmless where it is there already, and
 * where the user may not make one: then the first insert makes it, or says why not.
 */
export async function createCollection(model: { createCollection(options: object): Promise<unknown> }): Promise<void> {
  try {
    await model.createCollection(WRITE);
  } catch (error) {
    if (!NOT_MADE.has((error as { readonly code?: unknown }).code)) throw error;
  }
}

/** The copy of mongoose that made the connection: its classes must be used, whichever copy we would import. */
function mongooseOf(connection: Connection): Mongoose {
  const base = (connection as Partial<Connection> | null | undefined)?.base;
  if (typeof base?.Schema === 'function' && typeof connection.model === 'function') return base;
  const message = `MongoStore connection: expected a mongoose connection, such as mongoose.connection or the result of mongoose.createConnection(), or a function that returns one, got ${describeValue(connection)}`;
  throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', message);
}

function modelOf<T>(
  connection: Connection,
  SchemaOfConnection: Mongoose['Schema'],
  collection: string,
  fields: object,
  indexes: readonly object[],
): Model<T> {
  const name = `PassportLockout:${collection}`;
  const known = connection.models[name];
  if (known) return known as unknown as Model<T>;
  const schema = new SchemaOfConnection(fields as never, {
    collection,
    versionKey: false,
    autoIndex: false,
    autoCreate: false,
    minimize: false,
  }) as unknown as Schema<T>;
  for (const index of indexes) schema.index(index as never);
  schema.index({ expiresAt: 1 }, { name: TTL_INDEX, expireAfterSeconds: 0, partialFilterExpression: { madeBy: MARK } });
  return connection.model<T>(name, schema);
}

/** Somebody else has inserted the document. */
export function isDuplicateKey(error: unknown): boolean {
  const DUPLICATE_KEY = 11_000;
  return (error as { code?: unknown }).code === DUPLICATE_KEY;
}
