/** The same attempts, counted by address or by username. */
import type { AttemptRecord } from '../../../operator/attempt-log.js';

export type GroupedBy = 'ip' | 'username';

export interface Group {
  /** The address or the name; null for attempts without one. */
  readonly value: string | null;
  readonly failed: number;
  readonly refused: number;
  readonly succeeded: number;
  /** How many names came from the address, or from how many addresses the name was tried. */
  readonly others: number;
  /** Epoch milliseconds of the newest attempt. */
  readonly lastAt: number;
}

const OTHER = { ip: 'username', username: 'ip' } as const;

/** @returns those with the most attempts that did not succeed first; a logout is no attempt */
export function groupEntries(entries: readonly AttemptRecord[], by: GroupedBy): readonly Group[] {
  const groups = new Map<string | null, { group: Group; others: Set<string> }>();
  for (const entry of entries) {
    const { outcome, count } = entry;
    if (outcome === 'logout') continue;
    const value = entry[by];
    const known = groups.get(value);
    const others = known?.others ?? new Set();
    const other = entry[OTHER[by]];
    if (other !== null) others.add(other);
    const group = known?.group ?? { value, failed: 0, refused: 0, succeeded: 0, others: 0, lastAt: entry.at.getTime() };
    groups.set(value, { group: { ...group, [outcome]: group[outcome] + count, others: others.size }, others });
  }
  return [...groups.values()].map(({ group }) => group).sort(worstFirst);
}

function worstFirst(a: Group, b: Group): number {
  return b.failed + b.refused - (a.failed + a.refused) || b.succeeded - a.succeeded || b.lastAt - a.lastAt;
}
