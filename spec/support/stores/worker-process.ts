/** A process of an application, started by a `Worker`: a lockout that follows commands sent over IPC. `WORKER` configures it. */
import { fileURLToPath } from 'node:url';
import type { Lockout, LockoutOptions, LockoutStore } from '../../../lib/index.js';

interface OnMongo {
  readonly uri: string;
  readonly dbName: string;
  readonly prefix?: string;
}

interface OnRedis {
  readonly redisUrl: string;
}

export interface WorkerSetup {
  readonly database: OnMongo | OnRedis;
  /** Plain values only. */
  readonly options: LockoutOptions;
  /** How much this process's clock is ahead. */
  readonly skewMs?: number;
  /** Whether the store goes by the clock of the process, which `advance` moves, and not by that of the server. */
  readonly ownClock?: boolean;
}

interface BurstResult {
  readonly verified: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

export interface WorkerCommands {
  /**
   * Parallel attempts, each verified for 20 ms.
   *
   * @param from - the cookie of the device that they come from, or an address; nowhere if not given
   */
  burst(
    username: string,
    count: number,
    isRight: boolean,
    from?: { readonly cookie?: string; readonly ip?: string },
  ): Promise<BurstResult>;
  /** Attempts that never end; answers when all of them are being verified. */
  hold(username: string, count: number): Promise<void>;
  /** @param ip - where it comes from; nowhere if not given */
  attempt(username: string, isRight: boolean, ip?: string): Promise<string>;
  /** Keeps this number of attempts in flight from one address, whose verify throws after 20 ms, until the process ends. */
  flood(username: string, ip: string, inFlight: number): Promise<void>;
  status(
    username: string,
  ): Promise<{ locked: boolean; failures: number; verifying: number; lockedUntil: number | null }>;
  block(username: string, forMs: number): Promise<void>;
  unblock(username: string): Promise<boolean>;
  /** How often each event was emitted. */
  events(): Promise<Readonly<Record<string, number>>>;
  /** What the process believes the time to be. */
  time(): Promise<number>;
  /** Moves the clock of a store that was set up with `ownClock`. */
  advance(ms: number): Promise<void>;
}

const VERIFY_MS = 20;
const COUNTED = [
  'username_blocked',
  'ip_blocked',
  'blocked',
  'unblocked',
  'spray_detected',
  'store_error',
  'warning',
] as const;

/** By how much the store's own clock was moved. */
let aheadMs = 0;

if (process.argv[1] === fileURLToPath(import.meta.url))
  await run(JSON.parse(process.env['WORKER'] ?? '') as WorkerSetup);

async function run(setup: WorkerSetup): Promise<void> {
  if (setup.skewMs) skewClock(setup.skewMs);
  // Only now, so that nothing has seen the real time.
  const { Lockout } = await import('../../../lib/index.js');
  const store = await openStore(setup);
  const commands = createCommands(new Lockout({ ...setup.options, store }));
  process.on('message', async ({ id, name, args }: { id: number; name: keyof WorkerCommands; args: never[] }) => {
    try {
      process.send?.({ id, result: await Reflect.apply(commands[name], commands, args) });
    } catch (error) {
      process.send?.({ id, error: String((error as Error).stack) });
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ ready: true });
}

async function openStore({ database, ownClock = false }: WorkerSetup): Promise<LockoutStore> {
  const options = ownClock ? { clock: () => Date.now() + aheadMs } : {};
  if ('redisUrl' in database) {
    const { createClient } = await import('redis');
    const { RedisStore } = await import('../../../lib/stores/redis/index.js');
    return new RedisStore(await createClient({ url: database.redisUrl }).connect(), options);
  }
  const { default: mongoose } = await import('mongoose');
  const { MongoStore } = await import('../../../lib/stores/mongo/index.js');
  const { uri, dbName, prefix } = database;
  const connection = mongoose.createConnection(uri, { dbName });
  await connection.asPromise();
  return new MongoStore(connection, { ...options, ...(prefix !== undefined && { prefix }) });
}

function createCommands(lockout: Lockout): WorkerCommands {
  const events: Record<string, number> = {};
  // After the process warnings of the start.
  process.nextTick(() => {
    for (const name of COUNTED) lockout.on(name, () => count(events, name));
  });
  return {
    burst: async (username, size, isRight, { cookie, ip } = {}) => {
      let verified = 0;
      const outcomes: Record<string, number> = {};
      const verify = async () => {
        verified += 1;
        await new Promise((resolve) => setTimeout(resolve, VERIFY_MS));
        return isRight;
      };
      const socket = { remoteAddress: '203.0.113.1', encrypted: true };
      const req = () => ({ headers: { cookie }, socket });
      const attempt = () => (cookie === undefined ? { username, ip } : { username, req: req() });
      const attempts = Array.from({ length: size }, () => lockout.protect(attempt(), verify));
      for (const { outcome } of await Promise.all(attempts)) count(outcomes, outcome);
      return { verified, outcomes };
    },
    hold: (username, size) => {
      let verifying = 0;
      return new Promise((resolve) => {
        const verify = () => {
          verifying += 1;
          if (verifying === size) resolve();
          return new Promise(() => {});
        };
        for (let index = 0; index < size; index += 1) void lockout.protect({ username }, verify);
      });
    },
    attempt: async (username, isRight, ip) => (await lockout.protect({ username, ip }, () => isRight)).outcome,
    flood: async (username, ip, inFlight) => {
      const verify = async () => {
        await new Promise((resolve) => setTimeout(resolve, VERIFY_MS));
        throw new TypeError('data must be a string');
      };
      const again = async (): Promise<void> => {
        await lockout.protect({ username, ip }, verify).catch(() => undefined);
        // A refusal comes back over the wire as well.
        setTimeout(again, 1);
      };
      for (let count = 0; count < inFlight; count += 1) void again();
    },
    status: async (username) => {
      const { locked, failures, verifying, lockedUntil } = await lockout.status({ username });
      return { locked, failures, verifying, lockedUntil: lockedUntil?.getTime() ?? null };
    },
    block: async (username, forMs) => {
      await lockout.block({ username }, { for: { milliseconds: forMs } });
    },
    unblock: (username) => lockout.unblock({ username }),
    events: async () => events,
    time: async () => Date.now(),
    advance: async (ms) => {
      aheadMs += ms;
    },
  };
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function skewClock(skewMs: number): void {
  const realNow = Date.now;
  const now = () => realNow() + skewMs;
  // A proxy, because mongoose and the driver know the class by its name.
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  });
}
