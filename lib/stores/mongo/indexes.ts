/** Creates the indexes of a collection, and finds missing or harmful ones. */
import type { mongo } from 'mongoose';
import type { OwnCollection } from './own-collections.js';
import { READ, WRITE } from './read-write-concern.js';

type Indexed = Pick<OwnCollection, 'collection' | 'indexes'>;

const NAMESPACE_NOT_FOUND = 26;

/**
 * Creates the indexes. Harmless if they exist already or another process does the same.
 *
 * @throws the server's error if one is missing afterwards; a user without the right to create them may find them created already
 */
export async function createIndexes(own: Indexed): Promise<void> {
  try {
    // With the connection's own write concern, which may be w: 0, a failure would go unnoticed.
    await own.collection.createIndexes([...own.indexes], WRITE as object);
  } catch (error) {
    if ((await missingIndexesOf(own)).length > 0) throw error;
  }
}

async function missingIndexesOf(own: Indexed): Promise<readonly string[]> {
  return missingAmong(own, await presentIndexesOf(own));
}

export async function presentIndexesOf({ collection }: Indexed): Promise<readonly mongo.IndexDescriptionInfo[]> {
  try {
    return await collection.listIndexes(READ).toArray();
  } catch (error) {
    if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

/** Returns the missing indexes, compared by what they index, whatever their names. */
export function missingAmong(own: Indexed, present: readonly mongo.IndexDescriptionInfo[]): readonly string[] {
  const known = new Set(present.map(identify));
  return own.indexes
    .filter((index) => !known.has(identify(index)))
    .map(({ key }) => `${own.collection.name}.${Object.entries(key).flat().join('_')}`);
}

/** Returns the indexes that remove documents by the age of one of these fields; `expiresAt` is ours, whoever created that index. */
export function removingAmong(
  fields: readonly string[],
  present: readonly mongo.IndexDescriptionInfo[],
): readonly mongo.IndexDescriptionInfo[] {
  const isCounted = (path: string) => fields.includes(path.split('.')[0] as string) && path !== 'expiresAt';
  return present.filter(({ key, expireAfterSeconds }) => expireAfterSeconds !== undefined && isCounted(fieldOf(key)));
}

/** Returns the field of a TTL index, which always has exactly one. */
export function fieldOf(key: object): string {
  return String(Object.keys(key)[0]);
}

type Identity = Pick<mongo.IndexDescriptionInfo, 'expireAfterSeconds' | 'partialFilterExpression'> & { key?: unknown };

function identify({ key, expireAfterSeconds, partialFilterExpression }: Identity): string {
  const pairs = Object.entries(Object(key) as object).map(([field, direction]) => [field, Number(direction)]);
  return JSON.stringify([pairs, expireAfterSeconds ?? null, partialFilterExpression ?? null]);
}
