/** The indexes of a collection: made, and looked for. */
import type { Model, mongo, Schema } from 'mongoose';
import { READ, WRITE } from './read-write-concern.js';

/** A model, whatever its documents are. */
interface Indexed {
  readonly collection: Model<unknown>['collection'];
  readonly schema: Pick<Schema, 'indexes'>;
}

const NAMESPACE_NOT_FOUND = 26;

/**
 * Harmless where they are there already or another process does the same.
 *
 * @throws what the server says where one is missing afterwards; who may not make any may find them made by somebody else
 */
export async function createIndexes(model: Indexed): Promise<void> {
  try {
    // Not mongoose's createIndexes: it takes the connection's write concern, and with w: 0 nobody hears of a failure.
    await model.collection.createIndexes([...indexesOf(model)], WRITE as object);
  } catch (error) {
    if ((await missingIndexesOf(model)).length > 0) throw error;
  }
}

/** Compared by what they index, whatever their names are. */
export async function missingIndexesOf(model: Indexed): Promise<readonly string[]> {
  const present = await model.collection
    .listIndexes(READ)
    .toArray()
    .catch((error: unknown) => {
      if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    });
  const known = new Set(present.map(identify));
  return indexesOf(model)
    .filter((index) => !known.has(identify(index)))
    .map(({ key }) => `${model.collection.name}.${Object.entries(key).flat().join('_')}`);
}

/** As the driver takes them. */
function indexesOf({ schema }: Indexed): readonly mongo.IndexDescription[] {
  return schema.indexes().map(([key, { name, expireAfterSeconds, partialFilterExpression }]) => ({
    key: key as mongo.IndexDescription['key'],
    ...(name !== undefined && { name }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds: Number(expireAfterSeconds) }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
  }));
}

type Identity = Pick<mongo.IndexDescriptionInfo, 'expireAfterSeconds' | 'partialFilterExpression'> & { key?: unknown };

function identify({ key, expireAfterSeconds, partialFilterExpression }: Identity): string {
  const pairs = Object.entries(Object(key) as object).map(([field, direction]) => [field, Number(direction)]);
  return JSON.stringify([pairs, expireAfterSeconds ?? null, partialFilterExpression ?? null]);
}
