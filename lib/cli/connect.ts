/** Connects to the lockout that a command works on: the application's own, or one on its database. */
import { randomBytes } from 'node:crypto';
import { Lockout } from '../lockout.js';
import type { LockoutOptions } from '../options/types.js';
import { importLockout } from './app-module.js';
import type { Database } from './databases/database.js';
import { openMongo } from './databases/mongo.js';
import { openRedis } from './databases/redis.js';
import { CliError, EXIT } from './exit.js';

export interface ConnectOptions {
  readonly app?: string;
  readonly mongo?: string;
  readonly redis?: string;
  readonly prefix?: string;
}

export interface Session {
  readonly lockout: Lockout;
  /** Whether the application's policy is known, not just its data. */
  readonly isApp: boolean;
  /** What the operator should know of the database. */
  readonly note?: string;
  close(): Promise<void>;
}

/** The surroundings of the connecting process. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

/** Operators can wait longer than logins. */
const STORE_TIMEOUT = { minutes: 1 };
const SECRET_BYTES = 32;

/** Secrets come from the environment only: every user of the machine can see arguments. */
export const PSEUDONYMIZE_VARIABLE = 'PASSPORT_LOCKOUT_PSEUDONYMIZE';
const PREVIOUS_VARIABLE = `${PSEUDONYMIZE_VARIABLE}_PREVIOUS`;

const NO_DATABASE =
  'no database: give --app <module>, --mongo <uri>, --redis <uri>, or one of the variables MONGODB_URI and REDIS_URL';
/** The one that was not meant would look as if nobody were locked. */
const TWO_DATABASES =
  'MONGODB_URI and REDIS_URL are both set, and only one of them has the lockout: give --app <module>, or unset the other';

/** @throws {CliError} if no module or database is named, the module cannot be loaded, or the server does not answer */
export async function connect(options: ConnectOptions, { env, cwd }: Place): Promise<Session> {
  const { app, mongo, redis } = options;
  if ([app, mongo, redis].filter((choice) => choice !== undefined).length > 1) {
    throw new CliError(EXIT.usage, 'give one of --app, --mongo and --redis');
  }
  if (app !== undefined) {
    const lockout = await importLockout(app, cwd);
    return { lockout, isApp: true, close: () => lockout.close() };
  }
  return sessionOn(await openDatabase(options, { env, cwd }), secretsOf(env));
}

async function openDatabase({ mongo, redis, prefix }: ConnectOptions, { env, cwd }: Place): Promise<Database> {
  const isNamed = (mongo ?? redis) !== undefined;
  const { MONGODB_URI, REDIS_URL } = isNamed ? { MONGODB_URI: mongo, REDIS_URL: redis } : env;
  if (MONGODB_URI && REDIS_URL) throw new CliError(EXIT.usage, TWO_DATABASES);
  if (MONGODB_URI) return openMongo(MONGODB_URI, prefix);
  if (REDIS_URL) return openRedis(REDIS_URL, prefix, cwd);
  throw new CliError(EXIT.usage, NO_DATABASE);
}

function secretsOf(env: NodeJS.ProcessEnv): LockoutOptions['pseudonymize'] {
  const { [PSEUDONYMIZE_VARIABLE]: current, [PREVIOUS_VARIABLE]: previous } = env;
  return current && previous ? { current, previous } : current;
}

async function sessionOn(database: Database, pseudonymize: LockoutOptions['pseudonymize']): Promise<Session> {
  try {
    const lockout = new Lockout({
      store: database.store,
      // So that whichever of these the application counts can be named.
      dimensions: ['username', 'ip', ['ip', 'username']],
      storeTimeout: STORE_TIMEOUT,
      attemptLog: 'off',
      // Tokens are revoked by time, whatever secret signed them; this one signs nothing. Kept for as long as a token can be known.
      secret: randomBytes(SECRET_BYTES).toString('base64url'),
      knownDevices: { maxAge: { days: 400 } },
      ...(pseudonymize && { pseudonymize }),
    });
    const close = async () => {
      await lockout.close();
      await database.close();
    };
    return { lockout, isApp: false, close, ...(database.note !== undefined && { note: database.note }) };
  } catch (error) {
    await database.close();
    throw error;
  }
}
