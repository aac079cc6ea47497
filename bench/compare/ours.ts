import type { Strategy } from 'passport';
import { Lockout, type LockoutOptions, type LockoutStore, type Tier, withLockout } from '../../lib/index.js';
import { createAsyncLogin, createAuthenticate, createStrategy } from '../login.js';
import { type Contender, type NameLimit, OURS, PLAIN, STRICT, UNREACHABLE, WINDOW_SECONDS } from './contender.js';

export function createPlain(strategy?: Strategy): Contender {
  return { name: PLAIN, login: createAsyncLogin([createAuthenticate(strategy)]) };
}

/** The lockout with its defaults, its attempt log among them. */
export function createOurs(
  store: LockoutStore,
  nameLimit: NameLimit,
  options: LockoutOptions = {},
  strategy: Strategy = createStrategy(),
): Contender {
  const lockout = new Lockout({
    store,
    tiers: { username: tiersOf(nameLimit), ip: OPEN },
    ...options,
  });
  return {
    name: OURS,
    login: createAsyncLogin([createAuthenticate(withLockout(strategy, lockout))]),
    close: () => lockout.close(),
  };
}

const tiersOf = (failures: number): readonly Tier[] => [{ failures, cooloff: { seconds: WINDOW_SECONDS } }];
const OPEN = tiersOf(UNREACHABLE);
const LOCKS = tiersOf(STRICT);

/** One lockout for all cases of single logins: names to be refused have the strict limit. */
export function createOursForAll(store: LockoutStore): Contender {
  const tiers: LockoutOptions['tiers'] = ({ username }, dimension) =>
    dimension === 'username' && username?.startsWith('refused') ? LOCKS : OPEN;
  return createOurs(store, UNREACHABLE, { tiers });
}
