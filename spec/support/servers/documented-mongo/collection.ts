/** Documents in memory: found, sorted and changed by simple operators as mingo does, by pipelines as our own reading of the manual does. */
import { isDeepStrictEqual } from 'node:util';
import { aggregate, find, updateOne } from 'mingo';
import { compare, type Fields, isDocument, type Value } from './compare.js';
import { evaluate, isTrue } from './expressions.js';
import { applyPipeline } from './update-pipeline.js';

export interface Filter extends Fields {
  readonly _id?: Value;
  readonly $expr?: Value;
}

export type Update = Fields | readonly Fields[];
export type Sort = Readonly<Record<string, 1 | -1>>;

export class DocumentCollection {
  readonly #documents = new Map<string, Fields>();
  readonly indexes: Fields[] = [{ v: 2, key: { _id: 1 }, name: '_id_' }];

  /** Returns false if there is one with the same id. */
  insert(document: Fields): boolean {
    const id = idOf(document);
    if (this.#documents.has(id)) return false;
    this.#documents.set(id, document);
    return true;
  }

  find({ $expr, ...filter }: Filter, now: Date, sort: Sort = {}): readonly Fields[] {
    const sameId = typeof filter._id === 'string' ? [this.#documents.get(idOf(filter))] : this.#documents.values();
    const candidates = [...sameId].filter((document) => document !== undefined);
    const found = find<Fields>(candidates, filter).all() as Fields[];
    const meant =
      $expr === undefined ? found : found.filter((root) => isTrue(evaluate($expr, { root, now, variables: {} })));
    const keys = Object.entries(sort);
    return keys.length === 0 ? meant : meant.toSorted((a, b) => compareBy(keys, a, b));
  }

  /** Returns whether that changed anything. */
  update(document: Fields, update: Update, now: Date): boolean {
    const updated = { ...applyUpdate(document, update, now), _id: document['_id'] };
    if (isDeepStrictEqual(updated, document)) return false;
    this.#documents.set(idOf(document), updated);
    return true;
  }

  upsert(filter: Filter, update: Fields, now: Date): Fields {
    const { $setOnInsert, ...others } = update;
    const equal = Object.entries(filter).filter(([name, value]) => !name.startsWith('$') && !isDocument(value));
    const document = applyUpdate({ ...Object.fromEntries(equal), ...($setOnInsert as Fields) }, others, now);
    this.#documents.set(idOf(document), document);
    return document;
  }

  delete(document: Fields): void {
    this.#documents.delete(idOf(document));
  }

  aggregate(pipeline: readonly Fields[]): readonly Fields[] {
    return aggregate([...this.#documents.values()] as Record<string, unknown>[], [...pipeline]) as Fields[];
  }
}

function applyUpdate(document: Fields, update: Update, now: Date): Fields {
  if (isPipeline(update)) return applyPipeline(document, update, now);
  const { $setOnInsert: _, ...operators } = update;
  if (Object.keys(operators).length === 0) return document;
  const documents = [structuredClone(document)];
  updateOne(documents as Record<string, unknown>[], {}, operators);
  return documents[0] as Fields;
}

function isPipeline(update: Update): update is readonly Fields[] {
  return Array.isArray(update);
}

function compareBy(keys: readonly (readonly [string, 1 | -1])[], a: Fields, b: Fields): number {
  for (const [name, direction] of keys) {
    // To a sort, unlike to an expression, a missing value is null.
    const at = (root: Fields) => evaluate(`$${name}`, { root, now: new Date(0), variables: {} }) ?? null;
    const order = direction * compare(at(a), at(b));
    if (order !== 0) return order;
  }
  return 0;
}

function idOf({ _id }: Fields): string {
  return typeof _id === 'string' ? `"${_id}"` : String(_id instanceof Date ? _id.toISOString() : _id);
}
