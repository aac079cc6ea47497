/**
 * Stores lockouts and the attempt log in MongoDB, on your mongoose connection.
 *
 * @module
 * @example
 * ```ts
 * import mongoose from 'mongoose';
 * import { Lockout } from 'passport-lockout';
 * import { MongoStore } from 'passport-lockout/mongo';
 *
 * const lockout = new Lockout({ store: new MongoStore(mongoose.connection) });
 * ```
 */
export { MongoStore, type MongoStoreOptions } from './mongo-store.js';
