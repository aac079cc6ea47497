/**
 * passport-local-mongoose with `limitAttempts`: it keeps the users themselves, and counts the failures of a name in the user's
 * document. It reads the document, judges, and saves it, so parallel guesses pass it; of addresses and unknown names it counts nothing.
 */

import { type Connection, Schema } from 'mongoose';
import passport from 'passport';
import plugin from 'passport-local-mongoose';
import { type Credentials, Request } from '../../exchange.js';
import { type Middleware, RIGHT_PASSWORD } from '../../login.js';
import type { Contender, NameLimit } from '../contender.js';

/** Its errors that mean that the name is locked, or that it must wait. */
const REFUSED: readonly unknown[] = ['TooManyAttemptsError', 'AttemptTooSoonError'];
const SALT = 'salt';
/** Like the others' verify function it costs next to nothing. */
const toHash = (password: string) => Buffer.from(password.padEnd(8));

interface Users {
  /** Sees that those who log in are registered: it counts nobody else. */
  readonly prepare: (attempts: readonly Credentials[]) => Promise<void>;
  readonly login: (credentials: Credentials) => Promise<number>;
}

/** @param takeTime - called before a password is hashed, which is when it is checked */
export async function createPassportLocalMongoose(
  connection: Connection,
  collection: string,
  nameLimit: NameLimit,
  takeTime: () => Promise<void> = async () => {},
): Promise<Contender> {
  return { name: 'plm', ...(await createUsers(connection, collection, nameLimit, takeTime)) };
}

async function createUsers(
  connection: Connection,
  collection: string,
  maxAttempts: number,
  takeTime: () => Promise<void>,
): Promise<Users> {
  const schema: Schema = new Schema({}, { collection });
  // Its interval makes each name wait, which others do not: for a millisecond even if it is 0.
  const generateHash = async (password: string) => {
    await takeTime();
    return toHash(password);
  };
  schema.plugin(plugin.default, { limitAttempts: true, maxAttempts, interval: 0, maxInterval: 0, generateHash });
  const model = connection.model(collection, schema);
  await model.init();
  const authenticator = new passport.Passport();
  authenticator.use('bench', (model as unknown as Strategist).createStrategy());
  const registered = new Set<string>();
  return {
    prepare: async (attempts) => {
      const names = new Set(attempts.map(({ username }) => username).filter((name) => !registered.has(name)));
      if (names.size === 0) return;
      const user = { salt: SALT, hash: toHash(RIGHT_PASSWORD).toString('hex'), attempts: 0, last: new Date(0) };
      await model.collection.insertMany([...names].map((username) => ({ ...user, username })));
      for (const name of names) registered.add(name);
    },
    login: (credentials) =>
      new Promise((resolve, reject) => {
        const answer = (error: unknown, user: unknown, info: unknown) => {
          if (error) reject(error);
          else resolve(user ? 200 : REFUSED.includes((info as Error | undefined)?.name) ? 429 : 401);
        };
        const authenticate = authenticator.authenticate('bench', { session: false }, answer) as unknown as Middleware;
        const req = new Request(credentials, () => {});
        authenticate(req, req.res, reject);
      }),
  };
}

interface Strategist {
  createStrategy(): passport.Strategy;
}
