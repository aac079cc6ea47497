/** Writes to several records in one command. Whatever its answer leaves open is left to exact steps on each record. */
import type { LockoutDocument } from '../lockout-document.js';
import type { OwnCollections } from '../own-collections.js';
import type { Statement } from '../pipelines/short-steps.js';
import { READ, WRITE } from '../read-write-concern.js';

/** Mongoose's state of a connection that answers. */
const CONNECTED = 1;
/** For how long no command is tried after the server refused one: exact steps tell why, or carry it out. */
const PAUSE_MS = 60_000;
const DUPLICATE_KEY = 11_000;

interface WriteReply {
  readonly n?: number;
  readonly nModified?: number;
  readonly writeErrors?: readonly { readonly index: number; readonly code: number }[];
  readonly writeConcernError?: unknown;
}

export interface Updated {
  readonly matched: number;
  readonly modified: number;
}

export class WriteCommand {
  readonly #collections: () => OwnCollections;
  /** Monotonic. */
  #pausedUntil = 0;

  constructor(collections: () => OwnCollections) {
    this.#collections = collections;
  }

  /** Whether a command may be tried. One that is sent at once cannot wait for the connection as exact steps do. */
  get isReady(): boolean {
    return this.#collections().lockouts.db.readyState === CONNECTED && performance.now() >= this.#pausedUntil;
  }

  /**
   * Runs the statements in the order of their keys. The statements of one command share a transaction on some servers: in crossed
   * orders they would wait for each other.
   *
   * @returns how many records matched and changed; null if it is not certain
   */
  async update(statements: readonly Statement[]): Promise<Updated | null> {
    const updates = statements.toSorted((a, b) => (String(a.q['_id']) < String(b.q['_id']) ? -1 : 1));
    const reply = await this.#run((name) => ({ update: name, updates, ordered: false }));
    if (!reply) return null;
    if (reply.writeErrors?.length) return this.#pause();
    return { matched: reply.n ?? 0, modified: reply.nModified ?? 0 };
  }

  /** @returns the indexes of the documents that existed already; null if it is not certain */
  async insert(documents: readonly LockoutDocument[]): Promise<ReadonlySet<number> | null> {
    const reply = await this.#run((name) => ({ insert: name, documents, ordered: false }));
    if (!reply) return null;
    const errors = reply.writeErrors ?? [];
    if (errors.some(({ code }) => code !== DUPLICATE_KEY)) return this.#pause();
    const existing = new Set(errors.map(({ index }) => index));
    return reply.n === documents.length - existing.size ? existing : null;
  }

  /** Returns null if the command failed: each exact step then finds out for itself, and its error is reported. */
  async #run(toCommand: (collection: string) => Record<string, unknown>): Promise<WriteReply | null> {
    const { collection, db, base } = this.#collections().lockouts;
    try {
      const reply = await db.db?.command({ ...toCommand(collection.name), ...WRITE }, READ);
      return reply && !reply['writeConcernError'] ? (reply as WriteReply) : null;
    } catch (error) {
      return error instanceof base.mongo.MongoServerError ? this.#pause() : null;
    }
  }

  #pause(): null {
    this.#pausedUntil = performance.now() + PAUSE_MS;
    return null;
  }
}
