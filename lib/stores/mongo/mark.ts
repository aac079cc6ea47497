/** What tells our documents from those of an application that has a collection of the same name. */
import type { Collection as MongooseCollection, mongo } from 'mongoose';
import { READ } from './read-write-concern.js';
import { ForeignCollectionError } from './trouble.js';

/** The value of `madeBy` in every document that the store writes. Only what bears it is ever removed. */
export const MARK = 'passport-lockout';

const NOTHING: mongo.Document = { _id: '' };

/** So many documents at either end, by `_id`: a collection that somebody else uses shows it there. */
const LOOKED_AT = 100;

/** What every record has and hardly any other document; one of 0.1.0 bears no mark. */
export const RECORD_SHAPE = {
  dimension: { $type: 'string' },
  parts: { $type: 'object' },
  leases: { $type: 'array' },
} as const;

/**
 * @throws {ForeignCollectionError} where the collection holds documents of somebody else
 */
export async function assertOurs({ collection }: { readonly collection: MongooseCollection }): Promise<void> {
  // It waits for a connection that is not open yet, which an aggregation does not.
  await collection.findOne(NOTHING, READ);
  const ends = ([1, -1] as const).map((direction) => collection.aggregate(foreignAt(direction), READ).toArray());
  const foreign = (await Promise.all(ends)).flat().length;
  if (foreign > 0) throw new ForeignCollectionError(collection.name);
}

function foreignAt(direction: 1 | -1): mongo.Document[] {
  return [
    { $sort: { _id: direction } },
    { $limit: LOOKED_AT },
    { $match: { $nor: [{ madeBy: MARK }, RECORD_SHAPE] } },
    { $limit: 1 },
    { $project: { _id: 1 } },
  ];
}
