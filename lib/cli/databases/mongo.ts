/** Opens the database of `--mongo`. */
import { MongoStore } from '../../stores/mongo/mongo-store.js';
import { maskCredentials } from '../escape.js';
import { CliError, EXIT } from '../exit.js';
import { CONNECT_TIMEOUT_MS, type Database, messageOf, unreachable } from './database.js';

const WRONG_URI = /^Mongo(Parse|InvalidArgument|API|MissingCredentials)Error$/;

/** Matches a URI with the name of a database. */
const NAMED = /^[a-z+]+:\/\/[^/]+\/[^?]/;

/** @throws {CliError} if mongoose is not installed, the URI is wrong, or the server does not answer */
export async function openMongo(uri: string, prefix = ''): Promise<Database> {
  const { createConnection } = await importMongoose();
  const connection = await createConnection(uri, {
    appName: 'passport-lockout',
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
  })
    .asPromise()
    .catch((error: unknown) => {
      if (!(error instanceof Error && WRONG_URI.test(error.name))) throw unreachable(error, uri);
      const why = maskCredentials(messageOf(error), uri);
      throw new CliError(EXIT.usage, `the URI of --mongo or MONGODB_URI is wrong: ${why}`);
    });
  const close = () => connection.close();
  try {
    const store = new MongoStore(connection, { prefix });
    if (NAMED.test(uri)) return { store, close };
    return { store, close, note: `the URI names no database, so this is the one called ${connection.name}` };
  } catch (error) {
    await close();
    throw error;
  }
}

async function importMongoose(): Promise<typeof import('mongoose')> {
  try {
    return await import('mongoose');
  } catch {
    throw new CliError(EXIT.usage, 'the package mongoose is not installed; --mongo and MONGODB_URI need it');
  }
}
