/**
 * The same steps where a guard has already decided: short updates of a record whose counts are known, which is not locked and of
 * which nothing is due to be forgotten. Each returns null where only the pipelines of `steps` know what to do.
 *
 * A guard must imply all that `lib/policy` would decide on the record as it stands at that moment, because a command tells only
 * how many records it changed. It is part of the pipeline and not of the filter: a record by its `_id` alone is found by the
 * shortest way, each condition of a filter is planned anew, and `$$NOW` is not allowed everywhere in a filter. Where the guard
 * does not hold the record stays as it is, which counts as matched but not as modified.
 */
import { failuresUntilHardStop, tierReachedAt } from '../../../policy/ladder.js';
import { rememberGuess } from '../../../policy/repeats.js';
import { freeSlots } from '../../../policy/reserve.js';
import type { Lease, Marks, Policy, Verdict } from '../../../policy/state.js';
import { IDLE_MS, toTag } from '../lockout-document.js';
import { MARK } from '../mark.js';
import type { KnownSubject } from '../slots/known-subjects.js';
import {
  and,
  cond,
  type Expression,
  gt,
  LONGEST_MS,
  literal,
  lte,
  type Now,
  type Pipeline,
  setWhen,
} from './expressions.js';
import { rememberedGuesses } from './repeat-stages.js';
import { countSource, countSpelling, firstSource } from './source-stages.js';

/** One statement of an `update` command. */
export interface Statement {
  readonly q: Readonly<Record<string, unknown>>;
  readonly u: Pipeline | Readonly<Record<string, unknown>>;
}

/** A subject of an attempt, with what is remembered of it. */
export interface Remembered {
  readonly key: string;
  readonly known: KnownSubject;
  readonly policy: Policy;
}

const NO_OTHERS = { leases: [] } as const;

/** A statement, and what is known of the subject once it has changed its record. */
export interface ShortStep {
  readonly statement: Statement;
  readonly after: KnownSubject;
}

export interface Slot {
  readonly id: string;
  /** Unique to this call, so that a slot it took is told from one granted before under the same id. */
  readonly call: number;
  /** About when it is asked for, in epoch milliseconds by the server's clock. */
  readonly askedAt: number;
}

/** Takes a slot if at least one more remains: the last one is left to the exact step, which knows whether others hold it. */
export function takeSlot({ key, known, policy }: Remembered, { id, call, askedAt }: Slot, now: Now): ShortStep | null {
  const slots = freeSlots({ ...known, ...NO_OTHERS }, policy);
  if (!known.isPlain || slots < 2) return null;
  const { leaseTimeoutMs } = policy;
  const until = { $add: [now, leaseTimeoutMs] };
  const leases = { $concatArrays: ['$leases', [{ id: literal(id), until, call }]] };
  const isNew = { $not: [{ $in: [literal(id), '$leases.id'] }] };
  const guard = [...asKnown({ known, policy }, now), isNew, ...atMostLeases(slots - 2)];
  // Each raised end is an entry of the TTL index: one for half an hour of attempts will do.
  if (known.keptUntil > askedAt + leaseTimeoutMs + IDLE_MS / 2) {
    const statement = { q: { _id: key }, u: changedIf(and(...guard, gt('$expiresAt', until)), { leases }) };
    return { statement, after: known };
  }
  const expiresAt = notBefore({ $add: [now, leaseTimeoutMs + IDLE_MS] });
  return {
    statement: { q: { _id: key }, u: changedIf(and(...guard), { leases, expiresAt }) },
    after: { ...known, keptUntil: askedAt + leaseTimeoutMs + IDLE_MS },
  };
}

/** Matches, and changes nothing, if there is anything to tell of a subject that is only looked at. */
export function lookAt(key: string, now: Now): Statement {
  const isFree = and(lte('$lockedUntil', now), lte('$devices.since', null));
  return { q: { _id: key, $expr: { $not: [isFree] } }, u: { $unset: { nothing: '' } } };
}

/** Gives a slot back with a verdict that neither locks nor takes anything back. */
export function giveBack(
  { key, known, policy }: Remembered,
  { id }: Lease,
  verdict: Verdict,
  marks: Marks,
  now: Now,
): ShortStep | null {
  const after = verdict === 'failure' ? afterFailure(known, policy, marks) : known;
  const guard = verdict === 'success' ? nothingToForgive(known, policy, marks) : guardOf(verdict, known, policy, marks);
  if (!known.isPlain || !after || !guard) return null;
  const slots = freeSlots({ ...after, ...NO_OTHERS }, policy);
  const isHeld = { $in: [literal(id), '$leases.id'] };
  const leases = { $filter: { input: '$leases', cond: { $ne: ['$$this.id', literal(id)] } } };
  const counts = verdict === 'failure' ? countFailure({ known, after, policy }, marks, now) : {};
  return {
    statement: {
      q: { _id: key },
      u: changedIf(and(...asKnown({ known, policy }, now), isHeld, ...atMostLeases(slots), ...guard), {
        leases,
        ...counts,
      }),
    },
    after,
  };
}

/** The record is as it was last seen, it was not locked since, and nothing of it is due. */
function asKnown({ known, policy }: Pick<Remembered, 'known' | 'policy'>, now: Now): readonly Expression[] {
  const { failures, consecutiveFailures, revokedBefore, isAssumed } = known;
  const ends: string[] = [];
  if (failures > 0) ends.push('$forgetAt');
  if (consecutiveFailures > 0) ends.push('$consecutiveUntil');
  if (revokedBefore > 0) ends.push('$devices.until');
  return [
    { $eq: ['$failures', failures] },
    { $eq: ['$lockedUntil', null] },
    // Each condition costs: without a hard stop there is no row, and a record that was seen has every field.
    ...(policy.hardStop || consecutiveFailures > 0 ? [{ $eq: ['$consecutiveFailures', consecutiveFailures] }] : []),
    ...(isAssumed ? [{ $eq: ['$madeBy', MARK] }] : []),
    // Of most records there is no such field, which sorts before null.
    revokedBefore > 0 ? { $eq: ['$devices.since', new Date(revokedBefore)] } : lte('$devices.since', null),
    ...ends.map((end) => gt(end, now)),
  ];
}

/** Counts expired leases too, which only makes the exact step more likely. */
function atMostLeases(count: number): readonly Expression[] {
  return Number.isFinite(count) ? [lte({ $size: '$leases' }, count)] : [];
}

/** Returns a pipeline that changes a record for which the guard holds, and nothing of any other. */
function changedIf(guard: Expression, values: Readonly<Record<string, Expression>>): Pipeline {
  const [[name, value], ...others] = Object.entries(values) as [[string, Expression], ...[string, Expression][]];
  if (others.length === 0) return [{ $set: { [name]: cond(guard, value, `$${name}`) } }];
  return [{ $set: { isAsKnown: guard } }, { $set: { ...setWhen('$isAsKnown', values), isAsKnown: '$$REMOVE' } }];
}

/** Returns the counts after one more failure; null if it locks, or if it may not count. */
function afterFailure(known: KnownSubject, policy: Policy, { guess, isRepeat }: Marks): KnownSubject | null {
  // What follows this guess counts by itself: only a repeat by way of another process, in this very moment, is then counted there.
  if (isRepeat || (guess !== undefined && known.guesses.includes(guess))) return null;
  const { tiers, forgetAfterMs, hardStop, rowOnly } = policy;
  // The exact step keeps such a record for ever.
  if (Math.max(forgetAfterMs, hardStop?.forgetAfterMs ?? 0) > LONGEST_MS) return null;
  if (hardStop && failuresUntilHardStop(known, policy) <= 1) return null;
  const consecutiveFailures = known.consecutiveFailures + (hardStop ? 1 : 0);
  if (rowOnly) return { ...known, consecutiveFailures };
  const failures = known.failures + 1;
  const guesses = guess === undefined ? known.guesses : rememberGuess(known.guesses, guess);
  return tierReachedAt(tiers, failures) < 0 ? { ...known, failures, consecutiveFailures, guesses } : null;
}

/** Returns what must hold so that a success changes no count; null if that cannot be said. */
function nothingToForgive(
  { failures, consecutiveFailures }: KnownSubject,
  { rowOnly, resetOnSuccess }: Policy,
  { source }: Marks,
): readonly Expression[] | null {
  const noRow = consecutiveFailures > 0 && source ? [isNotAmong(source.spelling, '$spellings.t')] : [];
  if (rowOnly) return noRow;
  if (resetOnSuccess === 'all') {
    if (failures + consecutiveFailures > 0) return null;
    return [{ $eq: [{ $ifNull: ['$takenBackAt', []] }, []] }, lte('$repeats', null)];
  }
  const takesBack = resetOnSuccess && failures > 0 && source;
  return takesBack ? [...noRow, isNotAmong(toTag(source), '$sources.t')] : noRow;
}

function guardOf(
  verdict: Verdict,
  { isSprayed }: KnownSubject,
  { sprayNames, rowOnly }: Policy,
  { guess }: Marks,
): readonly Expression[] {
  if (verdict === 'release') return [];
  const areFew = { $lt: [{ $size: orNone('$sources') }, Math.max(1, (sprayNames ?? 0) - 1)] };
  return [
    ...(guess === undefined ? [] : [isNotAmong(guess, '$guesses')]),
    // Of so few sources, one more does not make a spray; and a spray is reported once.
    ...(sprayNames === undefined || rowOnly ? [] : [isSprayed ? { $eq: ['$isSprayed', true] } : areFew]),
  ];
}

/** A record of an older version may lack the list. */
const orNone = (list: string) => ({ $ifNull: [list, []] });
const isNotAmong = (value: string, list: string) => ({ $not: [{ $in: [literal(value), orNone(list)] }] });

interface Counting {
  readonly known: KnownSubject;
  readonly after: KnownSubject;
  readonly policy: Policy;
}

function countFailure(
  { known, after, policy }: Counting,
  { source, guess }: Marks,
  now: Now,
): Readonly<Record<string, Expression>> {
  const { forgetFrom, forgetAfterMs, hardStop, rowOnly } = policy;
  const rowEnds = hardStop ? [{ $add: [now, hardStop.forgetAfterMs + IDLE_MS] }] : [];
  const row = hardStop && {
    consecutiveFailures: after.consecutiveFailures,
    consecutiveUntil: { $add: [now, hardStop.forgetAfterMs] },
    spellings: countSpelling(source, known.consecutiveFailures),
  };
  if (rowOnly) return { ...row, ...(hardStop && { expiresAt: notBefore(...rowEnds) }) };
  const isFirst = known.failures === 0;
  const from = forgetFrom === 'first' && !isFirst ? '$firstFailureAt' : now;
  return {
    ...row,
    failures: after.failures,
    ...(isFirst && { firstFailureAt: now }),
    lastFailureAt: now,
    forgetAt: { $add: [from, forgetAfterMs] },
    sources: isFirst ? firstSource(source, now) : countSource(source, now, known.failures),
    ...(guess !== undefined && { guesses: rememberedGuesses(guess) }),
    expiresAt: notBefore({ $add: [from, forgetAfterMs + IDLE_MS] }, ...rowEnds),
  };
}

/** Returns when the TTL monitor may remove the document: never sooner than before. */
function notBefore(...ends: readonly Expression[]): Expression {
  return { $max: ['$expiresAt', ...ends] };
}
