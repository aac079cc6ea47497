/** What is compared: the same login plain, with the lockout, and with rate-limiter-flexible, state in MongoDB. */
import type { Connection } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import { Lockout, type LockoutOptions, type Tier, withLockout } from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { type AsyncLogin, createAsyncLogin, createStrategy } from '../login.js';

export interface System {
  readonly name: string;
  readonly login: AsyncLogin;
  close(): Promise<void>;
}

/** High enough that the failures of a whole run reach no limit. */
const UNREACHABLE = 1_000_000;
const NEVER: readonly Tier[] = [{ failures: UNREACHABLE, cooloff: 'forever' }];
const AT_ONCE: readonly Tier[] = [{ failures: 1, cooloff: 'forever' }];

/** Users named `refused-...` are locked at once. */
function isToBeRefused(username: string | undefined): boolean {
  return username?.startsWith('refused') ?? false;
}

export function createPlain(): System {
  return { name: 'plain', login: createAsyncLogin(createStrategy()), close: async () => {} };
}

export function createLockout(connection: Connection, name: string, options: LockoutOptions = {}): System {
  const lockout = new Lockout({
    store: new MongoStore(connection, { prefix: `${name.replaceAll(/\W/g, '_')}_` }),
    tiers: ({ username }, dimension) => (dimension === 'username' && isToBeRefused(username) ? AT_ONCE : NEVER),
    ...options,
  });
  return { name, login: createAsyncLogin(withLockout(createStrategy(), lockout)), close: () => lockout.close() };
}

/** The strictest way to use it: points are taken before the password is checked, and given back after a success. */
export async function createLimiter(connection: Connection): Promise<System> {
  const limiter = async (keyPrefix: string, points: number) => {
    const made = new RateLimiterMongo({
      storeClient: connection.getClient(),
      dbName: connection.name,
      keyPrefix,
      points,
      duration: 86_400,
      disableIndexesCreation: true,
    });
    await made.createIndexes();
    return made;
  };
  const byAddress = await limiter('rlf_ip', UNREACHABLE);
  const byName = await limiter('rlf_name', UNREACHABLE);
  const byNameStrict = await limiter('rlf_name_strict', 1);
  const login = createAsyncLogin(createStrategy());
  return {
    name: 'rate-limiter-flexible',
    login: async (username, password, ip) => {
      const ofName = isToBeRefused(username) ? byNameStrict : byName;
      const consumed = await Promise.allSettled([ofName.consume(username), byAddress.consume(ip)]);
      for (const result of consumed) {
        if (result.status === 'fulfilled') continue;
        if (result.reason instanceof RateLimiterRes) return 429;
        throw result.reason;
      }
      const status = await login(username, password, ip);
      if (status === 200) await Promise.all([ofName.reward(username), byAddress.reward(ip)]);
      return status;
    },
    close: async () => {},
  };
}
