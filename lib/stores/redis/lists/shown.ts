/** Records as a list shows them. */
import { type StoredSubject, type SubjectRecord, toRecord, toStoredRecord } from '../../../policy/replies.js';
import { storedPartsOf } from '../../../subject/key.js';
import type { StoreMatch, StoreQuery } from '../../store.js';
import type { Found } from '../records.js';

/** The values that a record is made of stand in its key. */
export function subjectOf({ key, dimension }: Pick<Found, 'key' | 'dimension'>): StoredSubject {
  return { key, dimension, storedParts: storedPartsOf(key) };
}

export function toShown(found: Found, { withExpired }: Pick<StoreQuery, 'withExpired'>): SubjectRecord | null {
  return (withExpired ? toStoredRecord : toRecord)(subjectOf(found), found.state, found.now);
}

export function isMadeOf(key: string, madeOf: StoreMatch | undefined): boolean {
  const wanted = Object.entries(madeOf?.parts ?? {});
  if (!madeOf || wanted.length === 0) return true;
  const own = storedPartsOf(key);
  const has = ([name, value]: readonly [string, string]) => own[name] === value;
  return madeOf.match === 'all' ? wanted.every(has) : wanted.some(has);
}
