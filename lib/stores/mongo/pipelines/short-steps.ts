/**
 * The same steps where a guard has already decided: short updates of a record whose counts are known, which is not locked and of
 * which nothing is due to be forgotten. Each returns null where only the pipelines of `steps` know what to do.
 *
 * A guard must imply all that `lib/policy` would decide on the record as it stands at that moment, because a command tells only
 * how many records matched. Guards compare values wherever possible: a comparison with `$$NOW` costs more.
 */
import { failuresUntilHardStop, tierReachedAt } from '../../../policy/ladder.js';
import { rememberGuess } from '../../../policy/repeats.js';
import { freeSlots } from '../../../policy/reserve.js';
import type { Lease, Marks, Policy, Verdict } from '../../../policy/state.js';
import { IDLE_MS, toTag } from '../lockout-document.js';
import { MARK } from '../mark.js';
import type { KnownSubject } from '../slots/known-subjects.js';
import { and, type Expression, later, literal, lte, type Now, type Pipeline } from './expressions.js';
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

/**
 * Takes a slot if at least one more remains: the last one is left to the exact step, which knows whether others hold it.
 *
 * @param call - unique to this call, so that a slot it took is told from one granted before under the same id
 */
export function takeSlot({ key, known, policy }: Remembered, id: string, call: number, now: Now): Statement | null {
  const slots = freeSlots({ ...known, ...NO_OTHERS }, policy);
  if (!known.isPlain || slots < 2) return null;
  const lease = { id: literal(id), until: { $add: [now, policy.leaseTimeoutMs] }, call };
  const expiresAt = { $max: ['$expiresAt', { $add: [now, policy.leaseTimeoutMs + IDLE_MS] }] };
  return {
    q: { ...asKnown({ key, known, policy }, now), 'leases.id': { $ne: id }, ...atMostLeases(slots - 2) },
    u: [{ $set: { leases: { $concatArrays: ['$leases', [lease]] }, expiresAt } }],
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
): { readonly statement: Statement; readonly after: KnownSubject } | null {
  const after = verdict === 'failure' ? afterFailure(known, policy, marks) : known;
  const guard = verdict === 'success' ? nothingToForgive(known, policy, marks) : guardOf(verdict, known, policy, marks);
  if (!known.isPlain || !after || !guard) return null;
  const slots = freeSlots({ ...after, ...NO_OTHERS }, policy);
  const q = { ...asKnown({ key, known, policy }, now), 'leases.id': id, ...atMostLeases(slots), ...guard };
  const u =
    verdict === 'failure' ? countFailure({ known, after, policy }, id, marks, now) : { $pull: { leases: { id } } };
  return { statement: { q, u }, after };
}

/** The record is as it was last seen, it was not locked since, and nothing of it is due. */
function asKnown({ key, known, policy }: Remembered, now: Now): Record<string, unknown> {
  const { failures, consecutiveFailures, revokedBefore, isAssumed } = known;
  const ends: string[] = [];
  if (failures > 0) ends.push('$forgetAt');
  if (consecutiveFailures > 0) ends.push('$consecutiveUntil');
  if (revokedBefore > 0) ends.push('$devices.until');
  return {
    _id: key,
    failures,
    lockedUntil: null,
    // Each condition costs: without a hard stop there is no row, and a record that was seen has every field.
    ...((policy.hardStop || consecutiveFailures > 0) && { consecutiveFailures }),
    ...(isAssumed && { madeBy: MARK }),
    'devices.since': revokedBefore > 0 ? new Date(revokedBefore) : null,
    // `$not` around each: DocumentDB refuses a bare comparison with `$$NOW` in a filter.
    ...(ends.length > 0 && { $expr: and(...ends.map((end) => ({ $not: [lte(end, now)] }))) }),
  };
}

/** Counts expired leases too, which only makes the exact step more likely. */
function atMostLeases(count: number): Record<string, unknown> {
  return Number.isFinite(count) ? { [`leases.${count}`]: { $exists: false } } : {};
}

/** Returns the counts after one more failure; null if it locks, or if it may not count. */
function afterFailure(known: KnownSubject, policy: Policy, { guess, isRepeat }: Marks): KnownSubject | null {
  // What follows this guess counts by itself: only a repeat by way of another process, in this very moment, is then counted there.
  if (isRepeat || (guess !== undefined && known.guesses.includes(guess))) return null;
  const { tiers, forgetAfterMs, hardStop, rowOnly } = policy;
  // The exact step keeps such a record for ever.
  if (!Number.isFinite(forgetAfterMs + (hardStop?.forgetAfterMs ?? 0))) return null;
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
): Record<string, unknown> | null {
  const noRow = consecutiveFailures > 0 && source ? { 'spellings.t': { $ne: source.spelling } } : {};
  if (rowOnly) return noRow;
  if (resetOnSuccess === 'all') {
    return failures + consecutiveFailures > 0 ? null : { 'takenBackAt.0': { $exists: false }, repeats: null };
  }
  const takesBack = resetOnSuccess && failures > 0 && source;
  return takesBack ? { ...noRow, 'sources.t': { $ne: toTag(source) } } : noRow;
}

function guardOf(
  verdict: Verdict,
  { isSprayed }: KnownSubject,
  { sprayNames, rowOnly }: Policy,
  { guess }: Marks,
): Record<string, unknown> {
  if (verdict === 'release') return {};
  const fewer = { [`sources.${Math.max(0, (sprayNames ?? 0) - 2)}`]: { $exists: false } };
  return {
    ...(guess !== undefined && { guesses: { $ne: guess } }),
    // Of so few sources, one more does not make a spray; and a spray is reported once.
    ...(sprayNames !== undefined && !rowOnly && (isSprayed ? { isSprayed } : fewer)),
  };
}

interface Counting {
  readonly known: KnownSubject;
  readonly after: KnownSubject;
  readonly policy: Policy;
}

function countFailure({ known, after, policy }: Counting, id: string, { source, guess }: Marks, now: Now): Pipeline {
  const { forgetFrom, forgetAfterMs, hardStop, rowOnly } = policy;
  const leases = { $filter: { input: '$leases', as: 'lease', cond: { $ne: ['$$lease.id', literal(id)] } } };
  const consecutiveUntil = hardStop && later(now, hardStop.forgetAfterMs);
  const row = hardStop && {
    consecutiveFailures: after.consecutiveFailures,
    consecutiveUntil,
    spellings: countSpelling(source),
  };
  if (rowOnly) return [{ $set: { leases, ...row, ...(hardStop && { expiresAt: notBefore(consecutiveUntil) }) } }];
  const isFirst = known.failures === 0;
  const firstFailureAt = isFirst ? now : { $ifNull: ['$firstFailureAt', now] };
  const forgetAt = later(forgetFrom === 'first' ? firstFailureAt : now, forgetAfterMs);
  return [
    {
      $set: {
        leases,
        ...row,
        failures: after.failures,
        firstFailureAt,
        lastFailureAt: now,
        forgetAt,
        sources: isFirst ? firstSource(source, now) : countSource(source, now),
        ...(guess !== undefined && { guesses: rememberedGuesses(guess) }),
        expiresAt: notBefore(forgetAt, consecutiveUntil),
      },
    },
  ];
}

/** Returns when the TTL monitor may remove the document: never sooner than before. */
function notBefore(...ends: readonly Expression[]): Expression {
  return { $max: ['$expiresAt', { $add: [{ $max: ends }, IDLE_MS] }] };
}
