/** What is stored about the known devices of a username. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import { someRecords } from '../../../operator/each-record.js';
import { DEVICE, DEVICES } from '../../../subject/own-dimensions.js';
import { MOST } from './related-data.js';
import type { Devices } from './snapshot.js';

/**
 * @param username - as stores keep it: under a pseudonym as well
 * @returns null if there is no username, or no device is ever known
 * @throws {LockoutStoreError} if the store fails
 */
export async function readDevices(lockout: Lockout, username: string | undefined): Promise<Devices | null> {
  const engine = lockout[ENGINE];
  if (username === undefined || !engine.devices) return null;
  const madeOf = { parts: { username }, match: 'all' as const };
  const query = { lockedOnly: false, madeOf, limit: MOST };
  const [records, revocations] = await Promise.all([
    someRecords(engine, { ...query, dimension: DEVICE.name }),
    // A revocation alone is nothing that lists show.
    someRecords(engine, { ...query, dimension: DEVICES.name, withExpired: true }),
  ]);
  const revokedAt = Math.max(0, ...revocations.map(({ devicesSince }) => devicesSince));
  return {
    revokedAt: revokedAt > 0 ? revokedAt : null,
    records: records.map(({ key, dimension, parts, failures, lock }) => ({
      subject: { key, dimension, parts },
      failures,
      isLocked: lock !== null,
    })),
  };
}
