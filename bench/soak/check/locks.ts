/** Locks: one event each, and nobody verified under one. */
import type { Blocked } from '../records.js';
import type { Attempted, History } from './history.js';
import type { Violation } from './violation.js';

export interface Lock {
  readonly block: Blocked;
  /** It may have been there from `from` on, and was for sure from `since` on. */
  readonly from: number;
  readonly since: number;
  /** It was there for sure until `sureTo`; nothing of it is left after `to`. */
  readonly sureTo: number;
  readonly to: number;
}

/** Every lock that an event tells of, by the key of its subject. */
export function locksOf(history: History, clockErrorMs: number): ReadonlyMap<string, readonly Lock[]> {
  const { blocks, acts, attempts, toMonotonic } = history;
  const locks = new Map<string, Lock[]>();
  for (const block of blocks) {
    const { id, at: since, key, until, parts, dimension } = block;
    const endsAt = until === null ? Number.POSITIVE_INFINITY : toMonotonic(until);
    const touching = acts.filter(
      ({ act }) => parts[act.part] === act.value && (act.what === 'reset' || dimension === 'username'),
    );
    const from = id === null ? askedBefore(touching, since) : (attempts.get(id)?.begin.at ?? since);
    // An act that was under way may have been carried out before this lock or after it.
    const later = touching.filter(({ act, acted }) => act.what !== 'block' || act.at > since).filter(
      ({ acted }) => !acted || acted.at >= since,
    );
    const firstAct = Math.min(...later.map(({ act }) => act.at));
    const sureTo = Math.min(endsAt - clockErrorMs, firstAct);
    const lock = { block, from: from - clockErrorMs, since, sureTo, to: endsAt + clockErrorMs };
    const known = locks.get(key);
    if (known) known.push(lock);
    else locks.set(key, [lock]);
  }
  return locks;
}

function askedBefore(acts: History['acts'], at: number): number {
  const asked = acts.filter(({ act, acted }) => act.what === 'block' && act.at <= at && (acted?.at ?? at) >= at);
  return Math.min(at, ...asked.map(({ act }) => act.at));
}

export function twice({ blocks }: History): readonly Violation[] {
  const seen = new Map<string, Blocked>();
  const violations: Violation[] = [];
  for (const block of blocks) {
    if (block.id === null) continue;
    const lock = `${block.key} ${block.until}`;
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
    const { block, since, sureTo } = lock;
    const { key, dimension, parts } = block;
    const part = parts['username'] === undefined ? `ip ${parts['ip']}` : `username ${parts['username']}`;
    for (const attempt of byPart.get(part) ?? []) {
      const { begin, verifyAt = 0, settled } = attempt;
      if (begin.at <= since || verifyAt >= sureTo) continue;
      const isCounted = settled?.subjects.some((subject) => subject.key === key);
      const isOfName = !begin.cookie && (dimension === 'username' || dimension === 'ip');
      const isOperators = block.id === null && dimension === 'username';
      if (!isCounted && !isOperators && (settled || !isOfName)) continue;
      const message = `attempt ${begin.id} began ${(begin.at - since).toFixed(0)} ms after the lock and was verified ${(sureTo - verifyAt).toFixed(0)} ms before its end`;
      violations.push({ rule: 'crossed', of: key, message });
    }
  }
  return violations;
}
