/** Locks: one event each, and nobody verified under one. */
import type { SubjectParts } from '../../../lib/subject/key.js';
import type { Blocked } from '../records.js';
import type { Acting, Attempted, History } from './history.js';
import type { Violation } from './violation.js';

const LONGEST_MS = 30_000;

export interface Lock {
  readonly key: string;
  readonly dimension: string;
  readonly parts: SubjectParts;
  readonly isOperators: boolean;
  /** It may have been there from `from` on, and was for sure from `since` on; Infinity if nobody knows whether it ever was. */
  readonly from: number;
  readonly since: number;
  /** It was there for sure until `sureTo`; nothing of it is left after `to`, but in what processes remember. */
  readonly sureTo: number;
  readonly to: number;
  /** Whether `to` is when an operator had lifted it: a process may go by what it remembers until it asks again. */
  readonly isLifted: boolean;
}

/** Every lock by the key of its subject: of a tier, by its event, and of an operator, by the act. */
export function locksOf(history: History, clockErrorMs: number): ReadonlyMap<string, readonly Lock[]> {
  const { blocks, acts, attempts, toMonotonic } = history;
  const locks = new Map<string, Lock[]>();
  const add = (lock: Lock) => locks.set(lock.key, [...(locks.get(lock.key) ?? []), lock]);
  for (const { id, at: since, key, until, parts, dimension } of blocks) {
    // An operator's block of a locked subject is no event.
    if (id === null) continue;
    const endsAt = until === null ? Number.POSITIVE_INFINITY : toMonotonic(until);
    const touching = acts.filter(
      ({ act }) => parts[act.part] === act.value && (act.what === 'reset' || dimension === 'username'),
    );
    const from = (attempts.get(id)?.verifiedAt ?? since) - clockErrorMs;
    // The event may come after an operator has lifted the lock.
    const sureTo = Math.min(endsAt - clockErrorMs, firstAfter(touching, from));
    const ends = endOfLock(endsAt + clockErrorMs, liftingAfter(touching, since));
    add({ key, dimension, parts, isOperators: false, from, since, sureTo, ...ends });
  }
  for (const acting of acts) {
    const { act, acted } = acting;
    if (act.what !== 'block') continue;
    const parts = { username: act.value };
    const known = { key: `username=${act.value}`, dimension: 'username', parts, isOperators: true };
    const from = act.at - clockErrorMs;
    if (acted?.until === undefined) {
      const to = endOf(acting) + (act.forMs ?? 0);
      add({ ...known, from, since: Number.POSITIVE_INFINITY, sureTo: Number.NEGATIVE_INFINITY, to, isLifted: false });
      continue;
    }
    const endsAt = toMonotonic(acted.until);
    const others = acts.filter(
      (other) => other !== acting && other.act.value === act.value && other.act.part === 'username',
    );
    // One beside it may have come after it, and have been answered first.
    const sureTo = Math.min(endsAt - clockErrorMs, firstAfter(others, act.at));
    const ends = endOfLock(endsAt + clockErrorMs, liftingAfter(others, acted.at));
    add({ ...known, from, since: acted.at, sureTo, ...ends });
  }
  return locks;
}

function endOfLock(endsAt: number, liftedAt: number): Pick<Lock, 'to' | 'isLifted'> {
  return { to: Math.min(endsAt, liftedAt), isLifted: liftedAt < endsAt };
}

/** When an operator had lifted for sure what was there at a time. */
function liftingAfter(acts: readonly Acting[], since: number): number {
  const lifting = acts.filter(({ act, acted }) => act.what !== 'block' && act.at >= since && acted && !acted.failed);
  return Math.min(...lifting.map(endOf));
}

/** When the first of the acts may have been carried out that was not over by then. */
function firstAfter(acts: readonly Acting[], at: number): number {
  return Math.min(...acts.filter((acting) => endOf(acting) >= at).map(({ act }) => act.at));
}

/** When an act is over for sure: a store may carry out long after what it could not answer in time. */
function endOf({ act, acted }: Acting): number {
  return acted && !acted.failed ? acted.at : act.at + LONGEST_MS;
}

export function twice({ blocks }: History): readonly Violation[] {
  const seen = new Map<string, Blocked>();
  const violations: Violation[] = [];
  for (const block of blocks) {
    if (block.id === null) continue;
    // Locks of two tiers may end in the same millisecond; of one tier, the later one ends later.
    const lock = `${block.key} ${block.failures} ${block.until}`;
    const before = seen.get(lock);
    if (before) {
      const message = `the lock of failure ${block.failures} was reported by the attempts ${before.id} and ${block.id}`;
      violations.push({ rule: 'twice', of: block.key, message });
    } else seen.set(lock, block);
  }
  return violations;
}

/** Attempts that began when the lock was there, and were verified before it ended. */
export function crossed(history: History, locks: ReadonlyMap<string, readonly Lock[]>): readonly Violation[] {
  const violations: Violation[] = [];
  const attempts = [...history.attempts.values()].filter(({ verifyAt }) => verifyAt !== undefined);
  const byPart = new Map<string, Attempted[]>();
  for (const attempt of attempts) {
    for (const part of [`username ${attempt.begin.name}`, `ip ${attempt.begin.ip}`]) {
      const found = byPart.get(part);
      if (found) found.push(attempt);
      else byPart.set(part, [attempt]);
    }
  }
  for (const lock of [...locks.values()].flat()) {
    const { key, dimension, parts, isOperators, since, sureTo } = lock;
    const part = parts['username'] === undefined ? `ip ${parts['ip']}` : `username ${parts['username']}`;
    for (const attempt of byPart.get(part) ?? []) {
      const { begin, verifyAt = 0, settled } = attempt;
      if (begin.at <= since || verifyAt >= sureTo) continue;
      const isCounted = settled?.subjects.some((subject) => subject.key === key);
      const isOfName = !begin.cookie && (dimension === 'username' || dimension === 'ip');
      if (!isCounted && !isOperators && (settled || !isOfName)) continue;
      const message = `attempt ${begin.id} began ${(begin.at - since).toFixed(0)} ms after the lock and was verified ${(sureTo - verifyAt).toFixed(0)} ms before its end`;
      violations.push({ rule: 'crossed', of: key, message });
    }
  }
  return violations;
}
