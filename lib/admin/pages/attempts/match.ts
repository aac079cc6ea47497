/** The part of a filter that no store applies: it is applied in this process, to entries that are read for it. */
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { escapeUnsafe } from '../../../util/printable.js';
import type { AttemptFilter, Fact } from './filter.js';

export type Match = (entry: AttemptRecord) => boolean;

const TEXTS: Readonly<Record<Exclude<Fact, 'text'>, (entry: AttemptRecord) => string | null>> = {
  outcome: (entry) => entry.outcome,
  username: (entry) => entry.username,
  ip: (entry) => entry.ip,
  dimension: (entry) => entry.dimension,
  reason: (entry) => entry.reason,
};

/** Returns undefined if the store does it all. */
export function toMatch(filter: AttemptFilter): Match | undefined {
  const conditions: Match[] = [];
  for (const fact of ['dimension', 'reason', 'text'] as const) {
    const value = filter[fact];
    if (value !== undefined) conditions.push(hasFact(fact, value));
  }
  for (const [fact, values] of Object.entries(filter.without)) {
    for (const has of values.map((value) => hasFact(fact as Fact, value))) conditions.push((entry) => !has(entry));
  }
  if (conditions.length === 0) return undefined;
  return (entry) => conditions.every((holds) => holds(entry));
}

function hasFact(fact: Fact, value: string): Match {
  if (fact !== 'text') return (entry) => TEXTS[fact](entry) === value;
  // Entries hold escapes in place of unsafe characters.
  const wanted = escapeUnsafe(value).toLowerCase();
  return ({ userAgent, path }) => [userAgent, path].some((text) => text?.toLowerCase().includes(wanted));
}
