/** The lockout of the soak: real ladders with short locks, so that each name is locked and freed again and again. */
import { ENGINE, Lockout } from '../../lib/lockout.js';
import type { LockoutOptions } from '../../lib/options/types.js';
import type { Policy } from '../../lib/policy/index.js';
import type { Attempt } from '../../lib/subject/attempt.js';
import type { Dimension } from '../../lib/subject/dimension.js';
import { DEVICE, DEVICES } from '../../lib/subject/own-dimensions.js';
import type { CheckRules } from './check/check.js';

const LOCK_CACHE_TTL_MS = 500;
const STORE_TIMEOUT_MS = 1_500;
const BUSY_TIMEOUT_MS = 1_500;
const LEASE_TIMEOUT_MS = 4_000;

export const OPTIONS: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: {
    username: [
      { failures: 3, cooloff: { milliseconds: 700 } },
      { failures: 6, cooloff: { milliseconds: 1_500 } },
      { failures: 10, cooloff: { milliseconds: 3_000 } },
    ],
    ip: [
      { failures: 30, cooloff: { milliseconds: 500 } },
      { failures: 60, cooloff: { milliseconds: 1_000 } },
      { failures: 100, cooloff: { milliseconds: 1_500 } },
    ],
  },
  secret: 'a secret of the soak, 32 characters or more',
  storeTimeout: { milliseconds: STORE_TIMEOUT_MS },
  busyTimeout: { milliseconds: BUSY_TIMEOUT_MS },
  leaseTimeout: { milliseconds: LEASE_TIMEOUT_MS },
  lockCacheTtl: { milliseconds: LOCK_CACHE_TTL_MS },
  // Each entry is compared.
  attemptLogPerUsername: 'all',
  attemptLogPerAddress: 'all',
};

export const RULES: Omit<CheckRules, 'readsLater'> = {
  policyOf: createPolicies(),
  lockCacheTtlMs: LOCK_CACHE_TTL_MS,
  storeTimeoutMs: STORE_TIMEOUT_MS,
  busyTimeoutMs: BUSY_TIMEOUT_MS,
  leaseTimeoutMs: LEASE_TIMEOUT_MS,
  // All run on one machine; what is left is the precision of the servers' clocks.
  clockErrorMs: 50,
  calmDelayMs: 500,
  maxHeapSlope: 1,
  minHeapMinutes: 1,
};

/** How long after the last attempt every slot is free, whoever held it. */
export const DRAIN_MS = LEASE_TIMEOUT_MS + 1_000;

function createPolicies(): (dimension: string) => Policy {
  const { options } = new Lockout(OPTIONS)[ENGINE];
  return (name) => {
    const dimension = [DEVICE, DEVICES].find((own) => own.name === name) ?? options.dimensions.named(name);
    // These ladders are the same for all attempts.
    return options.policyFor(dimension as Dimension, {} as Attempt);
  };
}
