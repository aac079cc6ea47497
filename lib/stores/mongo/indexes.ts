/** The indexes of a collection: made, and looked for. */
import type { mongo } from 'mongoose';
import type { OwnCollection } from './own-collections.js';
import { READ, WRITE } from './read-write-concern.js';

type Indexed = Pick<OwnCollection, 'collection' | 'indexes'>;

const NAMESPACE_NOT_FOUND = 26;

/**
 * Harmless where they are there already or another process does the same.
 *
 * @throws what the server says where one is missing afterwards; who may not make any may find them made by somebody else
 */
export async function createIndexes(own: Indexed): Promise<void> {
  try {
    // With the connection's own write concern, which may be w: 0, nobody would hear of a failure.
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

/** Compared by what they index, whatever their names are. */
export function missingAmong(own: Indexed, present: readonly mongo.IndexDescriptionInfo[]): readonly string[] {
  const known = new Set(present.map(identify));
  return own.indexes
    .filter((index) => !known.has(identify(index)))
    .map(({ key }) => `${own.collection.name}.${Object.entries(key).flat().join('_')}`);
}

/** Those that remove documents by the age of one of these fields; ours goes by `expiresAt`, whoever made it. */
export function removingAmong(
  fields: readonly string[],
  present: readonly mongo.IndexDescriptionInfo[],
): readonly mongo.IndexDescriptionInfo[] {
  const isCounted = (path: string) => fields.includes(path.split('.')[0] as string) && path !== 'expiresAt';
  return present.filter(({ key, expireAfterSeconds }) => expireAfterSeconds !== undefined && isCounted(fieldOf(key)));
}

/** Of an index that removes: it has one field. */
export function fieldOf(key: object): string {
  return String(Object.keys(key)[0]);
}

type Identity = Pick<mongo.IndexDescriptionInfo, 'expireAfterSeconds' | 'partialFilterExpression'> & { key?: unknown };

function identify({ key, expireAfterSeconds, partialFilterExpression }: Identity): string {
  const pairs = Object.entries(Object(key) as object).map(([field, direction]) => [field, Number(direction)]);
  return JSON.stringify([pairs, expireAfterSeconds ?? null, partialFilterExpression ?? null]);
}
