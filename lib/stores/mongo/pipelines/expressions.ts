/** Building blocks of update pipelines. */
import type { Policy } from '../../../policy/state.js';
import { FOREVER } from '../lockout-document.js';

export type Expression = unknown;
export type Stage = Readonly<Record<'$set', Readonly<Record<string, Expression>>>> | { readonly $unset: string };
export type Pipeline = readonly Stage[];

/** The server's clock, or the time of the clock passed in by tests. */
export type Now = '$$NOW' | Date;

/** Longer than anybody waits; from today, it does not yet reach `FOREVER`. */
export const LONGEST_MS = 1e14;

export const cond = (condition: Expression, then: Expression, otherwise: Expression) => ({
  $cond: [condition, then, otherwise],
});
export const and = (...conditions: Expression[]) => ({ $and: conditions });
export const gt = (a: Expression, b: Expression) => ({ $gt: [a, b] });
export const lte = (a: Expression, b: Expression) => ({ $lte: [a, b] });
/** A missing date sorts before every date, so "never" is past. */
export const isLockedAt = (now: Now) => gt('$lockedUntil', now);
/** Of a row alone: a lock of the ladder does not refuse. */
export const isRefusedAt = ({ rowOnly }: Policy, now: Now) =>
  rowOnly ? and(isLockedAt(now), { $eq: ['$tier', null] }) : isLockedAt(now);

export const FORGOTTEN = {
  failures: 0,
  lockedUntil: null,
  forgetAt: null,
  sources: [],
  firstFailureAt: null,
  lastFailureAt: null,
  guesses: [],
  isSprayed: false,
  cause: null,
  tier: null,
  limit: null,
  reason: null,
  by: null,
  lockedBy: null,
} as const;
export const NOT_CONSECUTIVE = { consecutiveFailures: 0, consecutiveUntil: null, spellings: [] } as const;
export const RESET = { ...FORGOTTEN, ...NOT_CONSECUTIVE, takenBackAt: [], repeats: null } as const;

/** Returns a date some milliseconds later; never beyond `FOREVER`. */
export function later(from: Expression, ms: number): Expression {
  if (ms > LONGEST_MS) return FOREVER;
  const end = { $add: [from, ms] };
  return from === '$$NOW' ? end : { $min: [end, FOREVER] };
}

export function setWhen(
  condition: Expression,
  values: Readonly<Record<string, Expression>>,
): Record<string, Expression> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, cond(condition, value, `$${name}`)]));
}

/**
 * Quotes a string that a client chose: it must not be read as a field or a variable, which begin with a dollar sign. Any other
 * string is itself, and costs less than one that is quoted.
 */
export function literal(value: string | null): Expression {
  return value?.startsWith('$') ? { $literal: value } : value;
}
