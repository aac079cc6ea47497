/** What the server reports about itself and the collections. */
import type { mongo } from 'mongoose';
import type { StoreInspection, StoreTrouble } from '../store.js';
import { fieldOf, missingAmong, presentIndexesOf, removingAmong } from './indexes.js';
import { LOCKOUT_FIELD_NAMES, type OwnCollection, type OwnCollections } from './own-collections.js';
import type { CollectionName } from './preparation.js';
import { READ } from './read-write-concern.js';
import { isRefused, removingIndex, unseenIndexes } from './trouble.js';

interface BuildInfo {
  readonly version?: string;
  /** FerretDB reports the MongoDB version it emulates as `version`, and its own here. */
  readonly ferretdb?: { readonly version?: string };
}

interface Indexes {
  readonly missing: readonly string[];
  readonly troubles: readonly StoreTrouble[];
}

/** The result of `inspectMongo`, with the indexes by collection. */
export interface MongoInspection extends Omit<StoreInspection, 'missingIndexes' | 'troubles'> {
  readonly indexes: readonly (Indexes & { readonly name: CollectionName })[];
}

/**
 * Inspects the server, leaving out what it refuses to report: few rights are no reason to report nothing.
 *
 * @param ours - the collections that are used
 * @param clock - the clock passed in by tests; if given, it is the store's time
 */
export async function inspectMongo(
  collections: OwnCollections,
  ours: readonly CollectionName[],
  clock: (() => number) | undefined,
): Promise<MongoInspection> {
  const { lockouts, attempts } = collections;
  const { db } = lockouts.db;
  if (!db) throw new Error('the connection is not open');
  const [info, clockSkewMs, indexes, subjects, entries] = await Promise.all([
    unlessRefused(db.command({ buildInfo: 1 }) as Promise<BuildInfo>, {}),
    clock ? clock() - Date.now() : measureSkew(db),
    Promise.all(ours.map(async (name) => ({ name, ...(await indexesOf(collections, name)) }))),
    countAll(lockouts),
    countAll(attempts),
  ]);
  return {
    server: describeServer(info),
    clockSkewMs,
    indexes,
    subjects,
    attempts: entries,
  };
}

async function indexesOf(collections: OwnCollections, name: CollectionName): Promise<Indexes> {
  const own = collections[name];
  const collection = own.collection.name;
  try {
    const present = await presentIndexesOf(own);
    // How long the attempt log is kept is the operator's choice.
    const removing = name === 'lockouts' ? removingAmong(LOCKOUT_FIELD_NAMES, present) : [];
    const troubles = removing.map(({ name: index, key, expireAfterSeconds }) =>
      removingIndex(collection, { name: String(index), field: fieldOf(key), seconds: Number(expireAfterSeconds) }),
    );
    return { missing: missingAmong(own, present), troubles };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { missing: [], troubles: [unseenIndexes(collection, error)] };
  }
}

async function unlessRefused<T, U>(answer: Promise<T>, instead: U): Promise<T | U> {
  try {
    return await answer;
  } catch (error) {
    if (isRefused(error)) return instead;
    throw error;
  }
}

function describeServer({ version = 'of unknown version', ferretdb }: BuildInfo): string {
  const mongo = `MongoDB ${version}`;
  return ferretdb ? `FerretDB ${(ferretdb.version ?? '').replace(/^v/, '')} (${mongo})` : mongo;
}

/** Takes half of the round trip for the way back. */
async function measureSkew(db: mongo.Db): Promise<number> {
  const askedAt = Date.now();
  const hello = await db.command({ hello: 1 });
  return (hello['localTime'] as Date).getTime() - (askedAt + Date.now()) / 2;
}

/** Counts by the server's statistics, since counting a large collection would take long. FerretDB's may be minutes old. */
async function countAll({ collection }: OwnCollection): Promise<number | null> {
  const count = await unlessRefused(collection.estimatedDocumentCount(READ), null);
  return count === null ? null : Math.max(0, count);
}
