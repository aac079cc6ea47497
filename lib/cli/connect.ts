/** Connects to the lockout that a command works on: the application's own, or one on its database. */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ENGINE, Lockout } from '../lockout.js';
import type { LockoutOptions } from '../options/types.js';
import { MongoStore } from '../stores/mongo/mongo-store.js';
import { maskCredentials } from './escape.js';
import { CliError, EXIT } from './exit.js';

export interface ConnectOptions {
  readonly app?: string;
  readonly mongo?: string;
  readonly prefix?: string;
}

export interface Session {
  readonly lockout: Lockout;
  /** Whether the application's policy is known, not just its data. */
  readonly isApp: boolean;
  close(): Promise<void>;
}

/** The surroundings of the connecting process. */
export interface Place {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Operators can wait longer than logins. */
const STORE_TIMEOUT = { minutes: 1 };
const SECRET_BYTES = 32;

/** Secrets come from the environment only: every user of the machine can see arguments. */
export const PSEUDONYMIZE_VARIABLE = 'PASSPORT_LOCKOUT_PSEUDONYMIZE';
const PREVIOUS_VARIABLE = `${PSEUDONYMIZE_VARIABLE}_PREVIOUS`;

/** @throws {CliError} if neither a module nor a database is named, the module cannot be loaded, or the server does not answer */
export async function connect(options: ConnectOptions, { env, cwd }: Place): Promise<Session> {
  if (options.app !== undefined) {
    if (options.mongo !== undefined) throw new CliError(EXIT.usage, 'give --app or --mongo, not both');
    return loadApp(options.app, cwd);
  }
  const uri = options.mongo ?? env['MONGODB_URI'];
  if (uri) return connectMongo(uri, options.prefix, secretsOf(env));
  throw new CliError(EXIT.usage, 'no database: give --app <module>, --mongo <uri>, or the variable MONGODB_URI');
}

function secretsOf(env: NodeJS.ProcessEnv): LockoutOptions['pseudonymize'] {
  const { [PSEUDONYMIZE_VARIABLE]: current, [PREVIOUS_VARIABLE]: previous } = env;
  return current && previous ? { current, previous } : current;
}

async function loadApp(path: string, cwd: string): Promise<Session> {
  const lockout = await importLockout(path, cwd);
  if (!isLockout(lockout)) {
    throw new CliError(EXIT.usage, `${path} exports no Lockout: expected one as its default export or as \`lockout\``);
  }
  return { lockout, isApp: true, close: () => lockout.close() };
}

async function importLockout(path: string, cwd: string): Promise<unknown> {
  try {
    // Resolved as Node does from there: with or without extension, a folder, or a package.
    const file = resolveFrom(cwd, path);
    const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const exported = loaded['default'] as Record<string, unknown> | undefined;
    return await (loaded['lockout'] ?? exported?.['lockout'] ?? exported);
  } catch (error) {
    throw new CliError(EXIT.usage, `cannot load ${path}: ${maskCredentials(messageOf(error))}`);
  }
}

function resolveFrom(cwd: string, path: string): string {
  // Node uses only the folder; the file need not exist, and no message names it.
  const require = createRequire(join(cwd, 'here.js'));
  const candidates = path.startsWith('.') || path.startsWith('/') ? [path] : [`./${path}`, path];
  for (const candidate of candidates) {
    try {
      return require.resolve(candidate);
    } catch {
      // Try the next one.
    }
  }
  throw new Error(`no such file or package, looking from ${cwd}`);
}

/** Also true for a lockout made by another copy of this package, or by its other module format. */
function isLockout(value: unknown): value is Lockout {
  return typeof value === 'object' && value !== null && ENGINE in value;
}

async function connectMongo(uri: string, prefix = '', pseudonymize: LockoutOptions['pseudonymize']): Promise<Session> {
  const { createConnection } = await importMongoose();
  const connection = await createConnection(uri, {
    appName: 'passport-lockout',
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
  })
    .asPromise()
    .catch((error: unknown) => {
      const isUri =
        error instanceof Error && /^Mongo(Parse|InvalidArgument|API|MissingCredentials)Error$/.test(error.name);
      const what = isUri ? 'the URI of --mongo or MONGODB_URI is wrong' : 'cannot reach the store';
      throw new CliError(isUri ? EXIT.usage : EXIT.unreachable, `${what}: ${maskCredentials(messageOf(error), uri)}`);
    });
  try {
    const lockout = new Lockout({
      store: new MongoStore(connection, { prefix }),
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
      await connection.close();
    };
    return { lockout, isApp: false, close };
  } catch (error) {
    await connection.close();
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

function messageOf(error: unknown): string {
  return (error instanceof Error && error.message) || String(error);
}
