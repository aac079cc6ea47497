/** Filters for the documents of subjects. */
import type { mongo } from 'mongoose';
import { REPEATS_WINDOW_MS, TAKEN_BACK_WINDOW_MS } from '../../policy/state.js';
import type { StoreMatch } from '../store.js';
import type { LockoutDocument } from './lockout-document.js';

/** Returns conditions on the values that a record is made of. */
export function toConditions(match: StoreMatch | undefined): readonly mongo.Filter<LockoutDocument>[] {
  const terms = Object.entries(match?.parts ?? {}).map(([name, value]) => ({ [`parts.${name}`]: value }));
  if (terms.length === 0) return [];
  return match?.match === 'any' ? [{ $or: terms }] : terms;
}

/** Returns conditions, each of which makes a record worth keeping at this time. */
export function reasonsToKeep(at: Date): mongo.Filter<LockoutDocument>[] {
  const before = (ms: number) => new Date(at.getTime() - ms);
  return [
    ...reasonsToShow(at),
    { takenBackAt: { $gt: before(TAKEN_BACK_WINDOW_MS) } },
    { 'repeats.since': { $gt: before(REPEATS_WINDOW_MS) } },
    { 'devices.until': { $gt: at } },
  ];
}

/** Returns conditions, each of which makes a record worth showing to an operator. */
export function reasonsToShow(at: Date): mongo.Filter<LockoutDocument>[] {
  return [
    { lockedUntil: { $gt: at } },
    { failures: { $gt: 0 }, forgetAt: { $gt: at } },
    { consecutiveFailures: { $gt: 0 }, consecutiveUntil: { $gt: at } },
    { 'leases.until': { $gt: at } },
  ];
}

/**
 * Returns the opposite of a condition, in a form that no server looks for in an index. Given `expiresAt: { $gt: now }`, some read the
 * whole index on it, a million entries perhaps, to combine it with the index that finds the few.
 */
export function unless<T extends object>(condition: T): { readonly $nor: [T] } {
  return { $nor: [condition] };
}
