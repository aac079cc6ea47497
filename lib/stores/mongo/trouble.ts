/** Problems that keep the store from its work, described for an operator. */
import type { Connection } from 'mongoose';
import type { StoreTrouble } from '../store.js';

/** The collection belongs to something else: it gets no index, and nothing in it is changed. */
export class ForeignCollectionError extends Error {
  override readonly name = 'ForeignCollectionError';

  constructor(collection: string) {
    super(
      `the collection ${collection} holds documents of something else, so it is not used; give the option prefix of ` +
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
    message: `the indexes of ${collection} could not be made (${reasonOf(error)}), so expired documents are not removed; logins go on`,
  };
}

export function noCounts(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_LOG_LOST',
    message: `counts per minute could not be written to ${collection} (${reasonOf(error)}); the entries of the attempt log are not affected`,
  };
}

export function noSourceKey(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_SOURCE_KEY_MISSING',
    message:
      `the key in ${collection} could not be read or made (${reasonOf(error)}), so logins take no failures back; ` +
      'failures are still counted, and forgotten in time',
  };
}

export function unwritable(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_STORE_UNWRITABLE',
    message: `a record of ${collection} could not be written (${reasonOf(error)}), so no login is counted, and onStoreError decides`,
  };
}

export function unseenIndexes(collection: string, error: unknown): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_CHECK_INCOMPLETE',
    message: `the indexes of ${collection} could not be listed (${reasonOf(error)}), so it is unknown whether one is missing or removes records`,
  };
}

export function removingIndex(
  collection: string,
  { name, field, seconds }: { readonly name: string; readonly field: string; readonly seconds: number },
): StoreTrouble {
  return {
    code: 'WARN_LOCKOUT_INDEX_REMOVES',
    message: `the index ${name} of ${collection} removes records ${seconds} s after ${field}, so failures are forgotten and locks end too soon; drop it`,
  };
}

/** Unauthorized (and Atlas's code for it), or no such command: in the stable API, or on a server of another make. */
const REFUSED: ReadonlySet<unknown> = new Set([13, 8_000, 59, 115, 323]);

/** Whether a working server refused this one command. */
export function isRefused(error: unknown): boolean {
  return REFUSED.has((error as { readonly code?: unknown }).code);
}

/** Mongoose's values of `readyState`. */
const CONNECTED = 1;
const CONNECTING = 2;

/** Returns why a connection is not open, or null if it is. */
export function whyNotOpen(connection: Connection): string | null {
  const { readyState } = connection;
  if (readyState === CONNECTED) return null;
  if (readyState === CONNECTING) return `the mongoose connection is still being opened${rootCauseOf(connection)}`;
  // connect() was never called on it: in Nest, the module's connection is not mongoose.connection.
  if (!connection.getClient()) {
    return (
      'the mongoose connection was never opened; call mongoose.connect(), or give MongoStore the connection that you open: ' +
      'in Nest, the one of getConnectionToken()'
    );
  }
  // A connection has a database once it has been open.
  return connection.db
    ? `the mongoose connection is lost or closed${rootCauseOf(connection)}`
    : 'the mongoose connection could not be opened, and mongoose does not try again; the error of connect() says why: call it ' +
        'again, or let the process end so that it is restarted';
}

/** What the driver keeps about each server. Not part of its types, so we do not rely on it. */
interface ClientInside {
  readonly topology?: {
    readonly description?: { readonly servers?: ReadonlyMap<string, { readonly error?: Error | null }> };
  };
}

/**
 * Returns a suffix such as `: connect ECONNREFUSED 127.0.0.1:27017` for the first server that failed; the driver itself reports
 * it only after `serverSelectionTimeoutMS`, by default 30 seconds. It names hosts and never credentials.
 */
function rootCauseOf(connection: Connection): string {
  const client = connection.getClient() as ClientInside | null | undefined;
  const servers = client?.topology?.description?.servers?.values() ?? [];
  const error = Array.from(servers, (server) => server.error).find(Boolean);
  return error ? `: ${error.message}` : '';
}

/** Returns the name of the code if there is one, not the message: that contains the command, which differs each time. */
function reasonOf(error: unknown): string {
  const { code, codeName, message } = error as Error & { readonly code?: unknown; readonly codeName?: unknown };
  return codeName === undefined ? message : `${String(codeName)}, code ${String(code)}`;
}
