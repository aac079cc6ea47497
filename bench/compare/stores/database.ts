/** A database for one run of a benchmark, on the server of `MONGODB_URI` or that of the specs; dropped afterwards. */
import { type Connection, type ConnectOptions, createConnection } from 'mongoose';
import { startMongoServer } from '../../../spec/support/servers/mongo-server/mongo-server.js';

export type Connect = (options?: ConnectOptions) => Promise<Connection>;

/** @param use - receives a function that connects, a description of the server, and a function that names a database's URI */
export async function withDatabase<T>(
  use: (connect: Connect, server: string, uriOf: (database: string) => string) => Promise<T>,
): Promise<T> {
  const server = await startMongoServer();
  if ('unavailable' in server) throw new Error(`there is no MongoDB server; set MONGODB_URI. ${server.unavailable}`);
  const dbName = `lockout-bench-${process.pid}`;
  const connections: Connection[] = [];
  const connect: Connect = (options) => {
    const connection = createConnection(server.uri, { dbName, ...options });
    connections.push(connection);
    return connection.asPromise();
  };
  const uriOf = (database: string) => {
    const uri = new URL(server.uri);
    uri.pathname = `/${database}`;
    return uri.href;
  };
  try {
    return await use(connect, server.description, uriOf);
  } finally {
    await connections[0]?.dropDatabase();
    for (const connection of connections) await connection.close();
    await server.stop();
  }
}
