/** Entries of the access log that the specs of its writers and stores start from. */

import type { AttemptEntry, AttemptQuery, NewAttemptEntry, PendingEntry } from '../../lib/stores/attempt-log.js';
import { ENTRY, WHOLE_LOG } from '../../lib/testing/examples.js';

export function entryWith(facts: Partial<NewAttemptEntry> = {}): NewAttemptEntry {
  return { ...ENTRY, dimension: null, tier: null, ...facts };
}

export function pending(facts: Partial<NewAttemptEntry> = {}, ageMs = 0): PendingEntry {
  return { entry: entryWith(facts), ageMs };
}

export function queryWith(filter: Partial<AttemptQuery> = {}): AttemptQuery {
  return { ...WHOLE_LOG, ...filter };
}

export function usernames(entries: readonly Pick<AttemptEntry, 'username'>[]): (string | null)[] {
  return entries.map(({ username }) => username);
}
