/** What keeps the store from its work, in words for an operator. */
import type { Connection } from 'mongoose';
import type { StoreTrouble } from '../store.js';

/** The collection is somebody else's: it gets no index, and nothing in it is changed. */
export class ForeignCollectionError extends Error {
  override readonly name = 'ForeignCollectionError';

  constructor(collection: string) {
    super(
      `the collection ${collection} holds documents of something else, so that it is not used; give the option prefix of ` +
        "MongoStore, such as { prefix: 'login_' }, for collections of its own",
    );
  }
}

export function foreignCollection({ message }: ForeignCollectionError): StoreTrouble {
  return { code: 'WARN_LOCKOUT_COLLECTION_FOREIGN', message };
}

export function noIndexes(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_INDEX_MISSING',
    message: `the indexes of ${collection} could not be made (${reasonOf(error)}), so that expired documents stay there; logins go on`,
  };
}

export function noSourceKey(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_SOURCE_KEY_MISSING',
    message:
      `the key in ${collection} could not be read or made (${reasonOf(error)}), so that a login takes no failures back; ` +
      'they are counted, and forgotten in time',
  };
}

export function unwritable(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_STORE_UNWRITABLE',
    message: `a record of ${collection} could not be written (${reasonOf(error)}), so that no login is counted, and onStoreError decides`,
  };
}

export function unseenIndexes(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_CHECK_INCOMPLETE',
    message: `the indexes of ${collection} could not be listed (${reasonOf(error)}), so that nobody knows whether one is missing or removes records`,
  };
}

export function removingIndex(
  collection: string,
  { name, field, seconds }: { readonly name: string; readonly field: string; readonly seconds: number },
): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_INDEX_REMOVES',
    message: `the index ${name} of ${collection} removes records ${seconds} s after ${field}, so that failures are forgotten and locks end too soon; drop it`,
  };
}

/** No right to (also as Atlas says it), or no such command here: in the stable API, or on a server that is another's. */
const REFUSED: ReadonlySet<unknown> = new Set([13, 8_000, 59, 115, 323]);

/** The server is well, and does not answer this. */
export function isRefused(error: unknown): boolean {
  return REFUSED.has((error as { readonly code?: unknown }).code);
}

/** As mongoose numbers them. */
const CONNECTED = 1;
const CONNECTING = 2;

/** @returns null for a connection that is open */
export function whyNotOpen(connection: Connection): string | null {
  const { readyState } = connection;
  if (readyState === CONNECTED) return null;
  if (readyState === CONNECTING) return `the mongoose connection is still being opened${rootCauseOf(connection)}`;
  // Nobody has called connect() on it: in Nest, that of the module is another than mongoose.connection.
  if (!connection.getClient()) {
    return (
      'the mongoose connection was never opened; call mongoose.connect(), or give MongoStore the connection that you open: ' +
      'in Nest that of getConnectionToken()'
    );
  }
  // It has a database once it was open.
  return connection.db
    ? `the mongoose connection is lost or closed${rootCauseOf(connection)}`
    : 'the mongoose connection could not be opened, and mongoose does not try again; the error of connect() says why: call it ' +
        'again, or end the process where it fails, so that it is started anew';
}

/** What the driver keeps of each server. Not among its types, and so not relied on. */
interface ClientInside {
  readonly topology?: {
    readonly description?: { readonly servers?: ReadonlyMap<string, { readonly error?: Error | null }> };
  };
}

/**
 * Such as `: connect ECONNREFUSED 127.0.0.1:27017`, of the first server that has failed; the driver itself says so only after
 * `serverSelectionTimeoutMS`, by default 30 seconds. It names hosts and never credentials.
 */
function rootCauseOf(connection: Connection): string {
  const client = connection.getClient() as ClientInside | null | undefined;
  const servers = client?.topology?.description?.servers?.values() ?? [];
  const error = Array.from(servers, (server) => server.error).find(Boolean);
  return error ? `: ${error.message}` : '';
}

/** Not what the server wrote where it has a name for it: that holds the command, which differs each time. */
function reasonOf(error: unknown): string {
  const { code, codeName, message } = error as Error & { readonly code?: unknown; readonly codeName?: unknown };
  return codeName === undefined ? message : `${String(codeName)}, code ${String(code)}`;
}
