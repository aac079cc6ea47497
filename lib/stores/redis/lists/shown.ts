/** Records as a list shows them. */
import { type StoredSubject, type SubjectRecord, toRecord, toStoredRecord } from '../../../policy/replies.js';
import { KeyMaker, storedPartsOf } from '../../../subject/key.js';
import type { StoreMatch, StoreQuery } from '../../store.js';
import type { Found, Wanted } from '../records.js';

const keys = new KeyMaker();

/** The values that a record is made of stand in its key. */
export function subjectOf({ key, dimension }: Pick<Found, 'key' | 'dimension'>): StoredSubject {
  return { key, dimension, storedParts: storedPartsOf(key) };
}

export function toShown(found: Found, { withExpired }: Pick<StoreQuery, 'withExpired'>): SubjectRecord | null {
  return (withExpired ? toStoredRecord : toRecord)(subjectOf(found), found.state, found.now);
}

/** Returns parts as they stand in a key. */
export function wantedParts(madeOf: StoreMatch | undefined): Pick<Wanted, 'parts' | 'match'> {
  const parts = Object.entries(madeOf?.parts ?? {}).map(([name, value]) => keys.toStoredKey({ [name]: value }));
  return { parts, match: madeOf?.match ?? 'all' };
}
