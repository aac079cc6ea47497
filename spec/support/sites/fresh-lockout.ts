/** A lockout that knows devices, on a store in which nothing is known yet. */
import { Lockout, type LockoutOptions, type LockoutStore } from '../../../lib/index.js';
import type { FreshStores } from '../stores/each-store.js';
import { ManualClock } from '../stores/manual-clock.js';
import { PATIENT } from '../stores/patient.js';
import { EventLog } from '../tools/events.js';
import { SECRET } from './browser.js';

/** Locks are not cached, so that one which another process lifts is lifted here at once. */
export const KNOWING_DEVICES: LockoutOptions = {
  ...PATIENT,
  secret: SECRET,
  attemptLog: 'off',
  lockCacheTtl: { seconds: 0 },
};

export interface FreshLockout {
  readonly clock: ManualClock;
  readonly store: LockoutStore;
  readonly lockout: Lockout;
  readonly events: EventLog;
}

/** @param options - in addition to, or in place of, those of `KNOWING_DEVICES` */
export async function freshLockout(stores: FreshStores, options: LockoutOptions = {}): Promise<FreshLockout> {
  const clock = new ManualClock();
  const store = await stores.fresh(clock.read);
  const lockout = new Lockout({ ...KNOWING_DEVICES, store, ...options });
  return { clock, store, lockout, events: new EventLog(lockout) };
}
