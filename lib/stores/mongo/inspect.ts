/** What the server says of itself and of the collections. */
import type { Model, mongo } from 'mongoose';
import type { StoreInspection } from '../store.js';
import { missingIndexesOf } from './indexes.js';
import type { Models } from './models.js';
import type { Collections } from './preparation.js';
import { READ } from './read-write-concern.js';

interface BuildInfo {
  readonly version?: string;
  /** FerretDB tells the version of MongoDB that it stands for as `version`, and its own here. */
  readonly ferretdb?: { readonly version?: string };
}

/**
 * @param ours - the collections that are used
 * @param clock - the clock given for specs; it then is the store's time
 */
export async function inspectMongo(
  models: Models,
  ours: readonly Collections[],
  clock: (() => number) | undefined,
): Promise<Omit<StoreInspection, 'troubles'>> {
  const { lockouts, attempts } = models;
  const { db } = lockouts.db;
  if (!db) throw new Error('the connection is not open');
  const [info, clockSkewMs, missing, subjects, entries] = await Promise.all([
    db.command({ buildInfo: 1 }) as Promise<BuildInfo>,
    clock ? clock() - Date.now() : measureSkew(db),
    Promise.all(ours.map((name) => missingIndexesOf(models[name]))),
    countAll(lockouts as unknown as Model<unknown>),
    countAll(attempts as unknown as Model<unknown>),
  ]);
  return {
    server: describeServer(info),
    clockSkewMs,
    missingIndexes: missing.flat(),
    subjects,
    attempts: entries,
  };
}

function describeServer({ version = 'of unknown version', ferretdb }: BuildInfo): string {
  const mongo = `MongoDB ${version}`;
  return ferretdb ? `FerretDB ${(ferretdb.version ?? '').replace(/^v/, '')} (${mongo})` : mongo;
}

/** Half of the way there and back is taken for the way back. */
async function measureSkew(db: mongo.Db): Promise<number> {
  const askedAt = Date.now();
  const hello = await db.command({ hello: 1 });
  return (hello['localTime'] as Date).getTime() - (askedAt + Date.now()) / 2;
}

/** From the server's statistics: counting a large collection would take long. FerretDB's may be minutes old. */
async function countAll(model: Model<unknown>): Promise<number> {
  return Math.max(0, await model.collection.estimatedDocumentCount(READ));
}
