/** Locks hold as long as they must, and each has its event, one of an operator as well. */
import type { Policy } from '../../../lib/policy/index.js';
import type { Circumstances } from './circumstances.js';
import type { Acting, History } from './history.js';
import type { Lock } from './locks.js';
import type { Violation } from './violation.js';

export interface LockRules {
  readonly policyOf: (dimension: string) => Policy;
  readonly clockErrorMs: number;
}

/** Locks that end earlier or later than the tier says that they have reached, or the operator. */
export function wrongEnds(history: History, { policyOf, clockErrorMs }: LockRules): readonly Violation[] {
  const { attempts, blocks, acts, toMonotonic } = history;
  const violations: Violation[] = [];
  const expectSpan = (of: string, lock: Span) => {
    const { from, to, until, forMs } = lock;
    if (until >= from + forMs - clockErrorMs && until <= to + forMs + clockErrorMs) return;
    const message = `a lock of ${forMs} ms, set between ${from.toFixed(0)} and ${to.toFixed(0)}, ends at ${until.toFixed(0)}`;
    violations.push({ rule: 'end', of, message });
  };
  for (const { id, key, dimension, limit, until, at } of blocks) {
    if (id === null) continue;
    const tier = policyOf(dimension).tiers.find(({ failures }) => failures === limit);
    // Past the last tier, each failure locks as the last one does.
    if (!tier) {
      violations.push({ rule: 'early', of: key, message: `${id} locked at ${limit} failures, where no tier is` });
      continue;
    }
    const from = attempts.get(id)?.verifiedAt ?? at;
    const ends = until === null ? Number.POSITIVE_INFINITY : toMonotonic(until);
    expectSpan(key, { from, to: at, until: ends, forMs: tier.cooloffMs });
  }
  for (const { act, acted } of acts) {
    if (act.what !== 'block' || !acted || acted.failed) continue;
    const until = acted.until === undefined ? Number.POSITIVE_INFINITY : toMonotonic(acted.until);
    expectSpan(`username=${act.value}`, { from: act.at, to: acted.at, until, forMs: act.forMs ?? 0 });
  }
  return violations;
}

interface Span {
  /** When it was set, at the earliest and at the latest. */
  readonly from: number;
  readonly to: number;
  readonly until: number;
  readonly forMs: number;
}

/** Blocks by an operator without an event; a block of what is locked has none. */
export function silentBlocks(
  { acts, blocks }: History,
  locks: ReadonlyMap<string, readonly Lock[]>,
  circumstances: Circumstances,
): readonly Violation[] {
  const violations: Violation[] = [];
  for (const acting of acts) {
    const { act, acted } = acting;
    if (act.what !== 'block' || !acted || acted.failed) continue;
    const key = `username=${act.value}`;
    const isReported = blocks.some(
      ({ id, key: of, at }) => id === null && of === key && at >= act.at && at <= acted.at,
    );
    const mayBeLocked = (locks.get(key) ?? []).some(
      (lock) => lock.from <= acted.at && lock.to >= act.at && !isLockOf(lock, acting),
    );
    if (isReported || mayBeLocked || circumstances.mayLockUnseen([act.value], act.at, acted.at)) continue;
    violations.push({ rule: 'silent', of: key, message: `${act.act} blocked it, and no event says so` });
  }
  return violations;
}

function isLockOf({ isOperators, since }: Lock, { acted }: Acting): boolean {
  return isOperators && since === acted?.at;
}
