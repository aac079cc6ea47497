/** What tells our documents from those of an application that has a collection of the same name. */
import type { AggregateOptions, PipelineStage } from 'mongoose';
import { READ } from './read-write-concern.js';
import { ForeignCollectionError } from './trouble.js';

/** The value of `madeBy` in every document that the store writes. Only what bears it is ever removed. */
export const MARK = 'passport-lockout';

/** So many documents at either end, by `_id`: a collection that somebody else uses shows it there. */
const LOOKED_AT = 100;

/** What every record has and hardly any other document; one of 0.1.0 bears no mark. */
export const RECORD_SHAPE = {
  dimension: { $type: 'string' },
  parts: { $type: 'object' },
  leases: { $type: 'array' },
} as const;

interface Aggregated {
  readonly collection: { readonly name: string };
  aggregate(pipeline: PipelineStage[], options: AggregateOptions): PromiseLike<readonly unknown[]>;
}

/**
 * @throws {ForeignCollectionError} where the collection holds documents of somebody else
 */
export async function assertOurs(model: Aggregated): Promise<void> {
  // By the model, which waits for a connection that is not open yet.
  const ends = ([1, -1] as const).map((direction) => model.aggregate(foreignAt(direction), READ));
  const foreign = (await Promise.all(ends)).flat().length;
  if (foreign > 0) throw new ForeignCollectionError(model.collection.name);
}

function foreignAt(direction: 1 | -1): PipelineStage[] {
  return [
    { $sort: { _id: direction } },
    { $limit: LOOKED_AT },
    { $match: { $nor: [{ madeBy: MARK }, RECORD_SHAPE] } },
    { $limit: 1 },
    { $project: { _id: 1 } },
  ];
}
