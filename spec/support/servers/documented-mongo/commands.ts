/** The commands that drivers and stores send. */
import mongoose from 'mongoose';
import { DocumentCollection, type Filter, type Sort, type Update } from './collection.js';
import type { Fields, Value } from './compare.js';
import { ExpressionError, evaluate } from './expressions.js';

const { Long } = mongoose.mongo;
type Reply = Fields;

/** What a command has, each of its own kind. */
interface Given {
  readonly $db: string;
  readonly indexes: readonly Fields[];
  readonly documents: readonly Fields[];
  readonly updates: readonly UpdateStatement[];
  readonly deletes: readonly DeleteStatement[];
  readonly pipeline: readonly Fields[];
  readonly query: Filter;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly projection: Fields;
  readonly fields: Fields;
  readonly update: Update;
  readonly ordered: boolean;
  readonly skip: number;
  readonly limit: number;
  readonly batchSize: number;
  readonly singleBatch: boolean;
  readonly getMore: Value;
  readonly cursors: readonly Value[];
}

type Optional = 'ordered' | 'sort' | 'skip' | 'limit' | 'batchSize' | 'singleBatch' | 'projection' | 'fields';
/** A command whose name is the field that has the collection. */
type Command<Name extends string = '$db', Field extends keyof Given = never> = Readonly<Record<Name, string>> &
  Pick<Given, Field | '$db'> &
  Partial<Pick<Given, Optional>>;

class CommandError extends Error {
  readonly code: number;
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string) {
    super(message);
    this.code = code;
    this.codeName = codeName;
  }
}

const DUPLICATE_KEY = 11_000;
const FIRST_BATCH = 101;
const WIRE_VERSION_OF_7_0 = 21;

interface UpdateStatement {
  readonly q: Filter;
  readonly u: Update;
  readonly multi?: boolean;
  readonly upsert?: boolean;
}

interface DeleteStatement {
  readonly q: Filter;
  readonly limit: number;
}

export class Commands {
  readonly #databases = new Map<string, Map<string, DocumentCollection>>();
  readonly #cursors = new Map<number, { readonly ns: string; readonly rest: Fields[] }>();
  #lastCursor = 0;

  run(command: Fields): Reply {
    const [name = ''] = Object.keys(command);
    const execute = this.#commands[name.toLowerCase()];
    try {
      if (!execute) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
      // $$NOW is the same throughout a command.
      return { ...execute(command as never, new Date()), ok: 1 };
    } catch (error) {
      const { code, codeName } = error instanceof CommandError ? error : { code: 2, codeName: 'BadValue' };
      return { ok: 0, code, codeName, errmsg: (error as Error).message };
    }
  }

  readonly #commands: Readonly<Record<string, (command: never, now: Date) => Reply>> = {
    hello: (_command: Command, now) => this.#hello(now),
    ismaster: (_command: Command, now) => this.#hello(now),
    ping: () => ({}),
    endsessions: () => ({}),
    buildinfo: () => ({ version: '7.0.0', versionArray: [7, 0, 0, 0] }),
    create: ({ create, $db }: Command<'create'>) => {
      if (this.#database($db).has(create)) throw new CommandError(48, 'NamespaceExists', `${create} already exists`);
      this.#collection($db, create);
      return {};
    },
    createindexes: ({ createIndexes, indexes, $db }: Command<'createIndexes', 'indexes'>) => {
      const there = this.#collection($db, createIndexes).indexes;
      for (const index of indexes)
        if (!there.some(({ name }) => name === index['name'])) there.push({ v: 2, ...index });
      return {};
    },
    listindexes: ({ listIndexes, $db }: Command<'listIndexes'>) => {
      if (!this.#database($db).has(listIndexes)) throw new CommandError(26, 'NamespaceNotFound', 'ns does not exist');
      return this.#page($db, listIndexes, this.#collection($db, listIndexes).indexes);
    },
    dropdatabase: ({ $db }: Command) => {
      this.#databases.delete($db);
      return {};
    },
    insert: ({ insert, documents, ordered, $db }: Command<'insert', 'documents'>) => {
      const collection = this.#collection($db, insert);
      const failed = { code: DUPLICATE_KEY, errmsg: 'E11000 duplicate key error' };
      const inserted = inTurn<Fields>(documents, ordered, (document) => !collection.insert(document) && failed);
      return { n: inserted.done, ...inserted.errors };
    },
    update: ({ update, updates, ordered, $db }: Command<'update', 'updates'>, now) => {
      const collection = this.#collection($db, update);
      let [matched, modified] = [0, 0];
      const upserted: Fields[] = [];
      const { errors } = inTurn<UpdateStatement>(updates, ordered, ({ q, u, multi, upsert }, index) => {
        try {
          const found = collection.find(q, now).slice(0, multi ? Number.POSITIVE_INFINITY : 1);
          matched += found.length;
          modified += found.filter((document) => collection.update(document, u, now)).length;
          if (found.length === 0 && upsert)
            upserted.push({ index, _id: collection.upsert(q, u as Fields, now)['_id'] });
          return false;
        } catch (error) {
          if (error instanceof ExpressionError) return { code: 2, errmsg: error.message };
          throw error;
        }
      });
      return { n: matched + upserted.length, nModified: modified, ...(upserted.length > 0 && { upserted }), ...errors };
    },
    delete: ({ delete: name, deletes, $db }: Command<'delete', 'deletes'>, now) => {
      const collection = this.#collection($db, name);
      let n = 0;
      for (const { q, limit } of deletes) {
        for (const document of collection.find(q, now).slice(0, limit || undefined)) {
          collection.delete(document);
          n += 1;
        }
      }
      return { n };
    },
    findandmodify: (
      { findAndModify, query, update, fields, sort, $db, ...others }: Command<'findAndModify', 'query' | 'update'>,
      now,
    ) => {
      const { new: after, remove, upsert } = others as Fields;
      if (after || remove || upsert)
        throw new CommandError(9, 'FailedToParse', 'only the update of what is there is known');
      const collection = this.#collection($db, findAndModify);
      const [before] = collection.find(query, now, sort);
      if (!before) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null };
      collection.update(before, update, now);
      return { lastErrorObject: { n: 1, updatedExisting: true }, value: project(before, fields, now) };
    },
    find: (
      { find, filter, sort, skip = 0, limit = 0, projection, batchSize, singleBatch, $db }: Command<'find', 'filter'>,
      now,
    ) => {
      const found = this.#collection($db, find).find(filter, now, sort);
      const meant = found.slice(skip, limit ? skip + Math.abs(limit) : undefined);
      return this.#page(
        $db,
        find,
        meant.map((document) => project(document, projection, now)),
        { batchSize, singleBatch },
      );
    },
    aggregate: ({ aggregate, pipeline, $db }: Command<'aggregate', 'pipeline'>) => {
      return this.#page($db, aggregate, this.#collection($db, aggregate).aggregate(pipeline));
    },
    count: ({ count, query = {}, $db }: Command<'count'> & Partial<Pick<Given, 'query'>>, now) => ({
      n: this.#collection($db, count).find(query, now).length,
    }),
    getmore: ({ getMore, batchSize = FIRST_BATCH }: Pick<Given, 'getMore'> & Partial<Given>) => {
      const cursor = this.#cursors.get(Number(getMore));
      if (!cursor) throw new CommandError(43, 'CursorNotFound', 'cursor not found');
      const nextBatch = cursor.rest.splice(0, batchSize);
      return {
        cursor: { nextBatch, id: Long.fromNumber(cursor.rest.length > 0 ? Number(getMore) : 0), ns: cursor.ns },
      };
    },
    killcursors: ({ cursors }: Pick<Given, 'cursors'>) => {
      for (const id of cursors) this.#cursors.delete(Number(id));
      return { cursorsKilled: cursors };
    },
  };

  #hello(now: Date): Reply {
    const limits = { maxBsonObjectSize: 2 ** 24, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 };
    const versions = { minWireVersion: 0, maxWireVersion: WIRE_VERSION_OF_7_0 };
    return { isWritablePrimary: true, ismaster: true, localTime: now, ...limits, ...versions };
  }

  #database(name: string): Map<string, DocumentCollection> {
    return getOrMake(this.#databases, name, () => new Map());
  }

  #collection(database: string, name: string): DocumentCollection {
    return getOrMake(this.#database(database), name, () => new DocumentCollection());
  }

  #page(
    database: string,
    collection: string,
    documents: readonly Fields[],
    {
      batchSize = FIRST_BATCH,
      singleBatch = false,
    }: { readonly batchSize?: number | undefined; readonly singleBatch?: boolean | undefined } = {},
  ): Reply {
    const ns = `${database}.${collection}`;
    const rest = documents.slice(batchSize);
    const isOver = rest.length === 0 || singleBatch;
    if (!isOver) this.#lastCursor += 1;
    if (!isOver) this.#cursors.set(this.#lastCursor, { ns, rest });
    return {
      cursor: { firstBatch: documents.slice(0, batchSize), id: Long.fromNumber(isOver ? 0 : this.#lastCursor), ns },
    };
  }
}

/** One after the other, to the end or, if `ordered`, to the first that fails. */
function inTurn<T>(
  items: readonly T[],
  ordered: boolean | undefined,
  act: (item: T, index: number) => Fields | false,
): { readonly done: number; readonly errors: { readonly writeErrors?: readonly Fields[] } } {
  const writeErrors: Fields[] = [];
  let done = 0;
  for (const [index, item] of items.entries()) {
    const error = act(item, index);
    if (error) writeErrors.push({ index, ...error });
    else done += 1;
    if (error && ordered !== false) break;
  }
  return { done, errors: writeErrors.length > 0 ? { writeErrors } : {} };
}

/** Of fields that are wanted, or computed. */
function project(document: Fields, projection: Fields | undefined, now: Date): Fields {
  if (!projection || Object.keys(projection).length === 0) return document;
  const wanted = Object.entries({ _id: 1, ...projection }).map(([name, given]) => {
    if (!given) throw new ExpressionError(`${name}: nothing is known of what is left out here`);
    const expression = given === 1 ? `$${name}` : given;
    return [name, evaluate(expression, { root: document, now, variables: {} })] as const;
  });
  return Object.fromEntries(wanted.filter(([, value]) => value !== undefined));
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
