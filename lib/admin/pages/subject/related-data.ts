/** What entries of the attempt log say about those who met a subject. Pure. */
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { toNetwork } from '../../core/networks.js';
import { groupEntries } from '../attempts/groups.js';
import type { Browser, Place, RelatedSubject } from './snapshot.js';

export const MOST = 8;

export type RelatedCounts = Pick<RelatedSubject, 'failures' | 'succeeded' | 'lastAt'> & { readonly value: string };

/** Returns the addresses or names of these attempts, most failures first. */
export function valuesOf(entries: readonly AttemptRecord[], part: 'ip' | 'username'): readonly RelatedCounts[] {
  return groupEntries(entries, part).flatMap(({ value, failed, refused, succeeded, lastAt }) =>
    value === null ? [] : [{ value, failures: failed + refused, succeeded, lastAt }],
  );
}

/** Returns the attempts of other addresses of the same network; none for a pseudonym. */
export function neighboursOf(ip: string, entries: readonly AttemptRecord[]): readonly AttemptRecord[] {
  const network = toNetwork(ip);
  if (network === undefined) return [];
  return entries.filter((entry) => entry.ip !== null && entry.ip !== ip && toNetwork(entry.ip) === network);
}

export function placesOf(entries: readonly AttemptRecord[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { value, failures, succeeded, lastAt } of valuesOf(entries, 'ip')) {
    const network = toNetwork(value);
    if (network === undefined) continue;
    const known = places.get(network) ?? { network, failures: 0, succeeded: 0, lastAt };
    places.set(network, {
      network,
      failures: known.failures + failures,
      succeeded: known.succeeded + succeeded,
      lastAt: Math.max(known.lastAt, lastAt),
    });
  }
  const all = [...places.values()];
  return all.sort((a, b) => b.failures - a.failures || b.succeeded - a.succeeded).slice(0, MOST);
}

/** @param entries - newest first */
export function browsersOf(entries: readonly AttemptRecord[]): readonly Browser[] {
  const browsers = new Map<string, Browser>();
  for (const { outcome, userAgent, ip, count, at } of entries) {
    if (outcome !== 'succeeded') continue;
    const id = userAgent ?? '';
    const known = browsers.get(id) ?? { userAgent, address: ip, logins: 0, lastAt: at.getTime() };
    browsers.set(id, { ...known, logins: known.logins + count });
  }
  return [...browsers.values()].slice(0, MOST);
}
