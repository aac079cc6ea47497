/** A database of its own on the server of the run, dropped afterwards. */
import { randomBytes } from 'node:crypto';
import mongoose, { type Connection, type ConnectOptions } from 'mongoose';
import { MongoStore, type MongoStoreOptions } from '../../../lib/stores/mongo/index.js';
import { mongoUri } from '../servers/mongo-server/test-environment.js';

export class MongoDatabase {
  readonly name = `spec_${process.pid}_${randomBytes(4).toString('hex')}`;
  readonly connection: Connection;
  readonly #opened: Connection[] = [];

  private constructor() {
    this.connection = this.connect({ monitorCommands: true });
  }

  static async create(): Promise<MongoDatabase> {
    const database = new MongoDatabase();
    await database.connection.asPromise();
    return database;
  }

  /**
   * A further connection, closed with the database; it may not be open yet.
   *
   * @param uri - another way to the same server, e.g. through a proxy
   */
  connect(options: ConnectOptions = {}, uri: string = mongoUri()): Connection {
    const connection = mongoose.createConnection(uri, { dbName: this.name, ...options });
    this.#opened.push(connection);
    return connection;
  }

  /** The address with this database's name, as an operator gives it to a command. */
  get uri(): string {
    const uri = new URL(mongoUri());
    uri.pathname = `/${this.name}`;
    return uri.href;
  }

  store(options: MongoStoreOptions = {}): MongoStore {
    return new MongoStore(this.connection, options);
  }

  /** A store on a connection of its own that takes another way to the server. */
  storeThrough(uri: string, options: ConnectOptions = {}): MongoStore {
    return new MongoStore(this.connect(options, uri));
  }

  /** Empties the collections. */
  async clear(): Promise<void> {
    for (const name of ['lockouts', 'lockout_attempts', 'lockout_hours', 'lockout_activity'])
      await this.connection.collection(name).deleteMany({});
  }

  async drop(): Promise<void> {
    await this.connection.dropDatabase();
    for (const connection of this.#opened) await connection.close(true);
  }
}
