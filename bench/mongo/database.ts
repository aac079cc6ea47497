/** A database for one run of a benchmark, on the server of `MONGODB_URI` or that of the specs; dropped afterwards. */
import { type Connection, createConnection } from 'mongoose';
import { startMongoServer } from '../../spec/support/servers/mongo-server/mongo-server.js';

const MAX_POOL = 32;

/** @param use - receives a function that connects, a description of the server, and the URI of a database on it */
export async function withDatabase(
  use: (connect: () => Promise<Connection>, server: string, uriOf: (database: string) => string) => Promise<void>,
) {
  const server = await startMongoServer();
  if ('unavailable' in server) throw new Error(`there is no MongoDB server; set MONGODB_URI. ${server.unavailable}`);
  const dbName = `lockout-bench-${process.pid}`;
  const connections: Connection[] = [];
  const connect = async () => {
    // Commands are counted on a separate connection; on the others there are no listeners, and monitoring costs little.
    const connection = createConnection(server.uri, { dbName, maxPoolSize: MAX_POOL, monitorCommands: true });
    connections.push(connection);
    return connection.asPromise();
  };
  try {
    const uriOf = (database: string) => {
      const uri = new URL(server.uri);
      uri.pathname = `/${database}`;
      return uri.href;
    };
    await use(connect, server.description, uriOf);
    await connections[0]?.dropDatabase();
  } finally {
    for (const connection of connections) await connection.close();
    await server.stop();
  }
}
