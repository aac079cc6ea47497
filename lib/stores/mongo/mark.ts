/** Distinguishes our documents from those of an application that has a collection of the same name. */
import type { Collection as MongooseCollection, mongo } from 'mongoose';
import { READ } from './read-write-concern.js';
import { ForeignCollectionError } from './trouble.js';

/** The value of `madeBy` in every document that the store writes. Only documents that carry it are ever removed. */
export const MARK = 'passport-lockout';

const NOTHING: mongo.Document = { _id: '' };

/** How many documents to look at on either end, by `_id`: that is where a foreign collection shows. */
const LOOKED_AT = 100;

/** Fields of every record, and of hardly any other document; a record of 0.1.0 carries no mark. */
export const RECORD_SHAPE = {
  dimension: { $type: 'string' },
  parts: { $type: 'object' },
  leases: { $type: 'array' },
} as const;

/**
 * @throws {ForeignCollectionError} if the collection holds documents of something else
 */
export async function assertOurs({ collection }: { readonly collection: MongooseCollection }): Promise<void> {
  // findOne waits for a connection that is not open yet; an aggregation does not.
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
