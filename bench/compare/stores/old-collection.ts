/** express-brute-mongo calls a collection as the driver was called in 2014; each call is one command, then and now. */
import type { Connection } from 'mongoose';

type Collection = ReturnType<Connection['collection']>;
type Filter = { readonly _id: string };
type Callback = (error: unknown, result?: unknown) => void;

export function oldCollection(collection: Collection): object {
  const answer = (result: Promise<unknown>, callback: unknown) => {
    if (typeof callback !== 'function') return;
    result.then((value) => callback(null, value), callback as Callback);
  };
  return {
    findOne: (filter: Filter, callback: Callback) => answer(collection.findOne(filter as object), callback),
    update: (filter: Filter, { _id, ...document }: Record<string, unknown>, options: object, callback: Callback) =>
      answer(collection.replaceOne(filter as object, document, options), callback),
    remove: (filter: Filter, callback: unknown) => answer(collection.deleteOne(filter as object), callback),
  };
}
