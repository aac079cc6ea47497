/** Which way a list goes: what it costs depends on its order. */
import type { StorePage, StoreQuery } from '../../store.js';
import type { Records } from '../records.js';
import { locksByEnd, locksByKey } from './locks.js';
import { walked, walkedByKey } from './walk.js';

export async function listRecords(records: Records, query: StoreQuery): Promise<StorePage> {
  const { lockedOnly, order, withExpired, cursor } = query;
  // Who looks for everything that is stored, is about to remove it.
  if (withExpired && cursor === null) await records.prune();
  if (lockedOnly) return order === 'key' ? locksByKey(records, query) : locksByEnd(records, query);
  return order === 'key' ? walkedByKey(records, query) : walked(records, query);
}
