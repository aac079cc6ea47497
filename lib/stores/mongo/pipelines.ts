/**
 * The rules of `lib/policy` as update pipelines, so that each step is one atomic operation on one document.
 *
 * The policy stays the one source: replies are computed by it from the document as it was, and a model-based test proves
 * that these pipelines leave the document as the policy says.
 */
import type { Block } from '../../policy/manage.js';
import { HARD_STOP_REASON } from '../../policy/settle.js';
import type { Lease, Policy, PolicyHardStop, PolicyTier, Verdict } from '../../policy/state.js';
import { FOREVER, IDLE_MS } from './lockout-document.js';

type Expression = unknown;
type Stage = Readonly<Record<'$set', Readonly<Record<string, Expression>>>> | { readonly $unset: string };
export type Pipeline = readonly Stage[];

/** The server's clock, or the one given for specs. */
export type Now = '$$NOW' | Date;

const LONGEST_MS = 1e14;

const cond = (condition: Expression, then: Expression, otherwise: Expression) => ({
  $cond: [condition, then, otherwise],
});
const and = (...conditions: Expression[]) => ({ $and: conditions });
const gt = (a: Expression, b: Expression) => ({ $gt: [a, b] });
const lte = (a: Expression, b: Expression) => ({ $lte: [a, b] });
/** A missing date sorts before every date, so "never" is past. */
const isLockedAt = (now: Now) => gt('$lockedUntil', now);

const FORGOTTEN = {
  failures: 0,
  lockedUntil: null,
  forgetAt: null,
  firstFailureAt: null,
  lastFailureAt: null,
  tier: null,
  reason: null,
  by: null,
  lockedBy: null,
} as const;
const NOT_CONSECUTIVE = { consecutiveFailures: 0, consecutiveUntil: null } as const;
const CLEARED = { ...FORGOTTEN, ...NOT_CONSECUTIVE } as const;

export function reservePipeline(policy: Policy, id: string, now: Now): Pipeline {
  const isTaken = and(
    { $not: [isLockedAt(now)] },
    { $not: [{ $in: [literal(id), '$leases.id'] }] },
    gt(slotsUntilLock(policy), { $size: '$leases' }),
  );
  const lease = { id: literal(id), until: later(now, policy.leaseTimeoutMs) };
  return [
    // Under a lock nothing changes, so that knocking costs no write.
    ...currentState(now, isLockedAt(now)),
    { $set: { leases: cond(isTaken, { $concatArrays: ['$leases', [lease]] }, '$leases') } },
    housekeeping(now),
  ];
}

export function settlePipeline(policy: Policy, lease: Lease, verdict: Verdict, now: Now): Pipeline {
  const applies = { $or: [{ $in: [literal(lease.id), '$leases.id'] }, lte(new Date(lease.until), now)] };
  const others = { $filter: { input: '$leases', as: 'lease', cond: { $ne: ['$$lease.id', literal(lease.id)] } } };
  return [
    { $set: { applies } },
    ...currentState(now, false),
    { $set: { leases: cond('$applies', others, '$leases') } },
    ...verdictStages(policy, lease, verdict, now),
    { $unset: 'applies' },
    housekeeping(now),
  ];
}

export function blockPipeline({ forMs, forgetAfterMs, reason, by }: Block, now: Now): Pipeline {
  const lockedUntil = later(now, forMs);
  return [
    ...currentState(now, false),
    {
      $set: {
        lockedUntil,
        // A missing date stays missing: $min leaves null out of account.
        forgetAt: cond({ $eq: ['$forgetAt', null] }, null, { $min: ['$forgetAt', later(lockedUntil, forgetAfterMs)] }),
        tier: null,
        reason: literal(reason),
        by: literal(by),
        lockedBy: null,
      },
    },
    housekeeping(now),
  ];
}

export function clearPipeline(now: Now): Pipeline {
  return [...currentState(now, false), { $set: CLEARED }, housekeeping(now)];
}

/** Clears the subject if the lock that holds was set by this lease; changes nothing otherwise. */
export function liftPipeline(lockedBy: string, now: Now): Pipeline {
  const isThisLock = and(isLockedAt(now), { $eq: ['$lockedBy', literal(lockedBy)] });
  return [{ $set: setWhen(isThisLock, CLEARED) }, housekeeping(now)];
}

/** Drops leases that timed out and forgets failures whose time has come. */
function currentState(now: Now, isUntouched: Expression): Pipeline {
  const live = { $filter: { input: '$leases', as: 'lease', cond: gt('$$lease.until', now) } };
  const isOver = (date: string) => and(lte(date, now), { $not: [isLockedAt(now)] });
  return [
    {
      $set: {
        leases: cond(isUntouched, '$leases', live),
        ...setWhen(isOver('$forgetAt'), FORGOTTEN),
        ...setWhen(isOver('$consecutiveUntil'), NOT_CONSECUTIVE),
      },
    },
  ];
}

function verdictStages(policy: Policy, lease: Lease, verdict: Verdict, now: Now): Pipeline {
  if (verdict === 'failure') return countFailure(policy, lease, now);
  if (verdict === 'success') {
    const forgiven = policy.resetOnSuccess ? CLEARED : NOT_CONSECUTIVE;
    return [{ $set: setWhen(and('$applies', { $not: [isLockedAt(now)] }), forgiven) }];
  }
  return [];
}

function countFailure(policy: Policy, lease: Lease, now: Now): Pipeline {
  const { tiers, forgetFrom, forgetAfterMs, hardStop } = policy;
  const firstFailureAt = cond({ $eq: ['$failures', 0] }, now, { $ifNull: ['$firstFailureAt', now] });
  // Under a lock the count stops one short of the next tier.
  const oneShort = { $min: [{ $add: ['$failures', 1] }, { $subtract: [nextThreshold(tiers), 1] }] };
  const failures = cond(isLockedAt(now), oneShort, { $add: ['$failures', 1] });
  return [
    { $set: { counted: cond('$applies', failures, '$failures') } },
    { $set: { counts: { $ne: ['$counted', '$failures'] }, locks: and('$applies', { $not: [isLockedAt(now)] }) } },
    ...(hardStop ? countConsecutive(hardStop, now) : []),
    {
      $set: {
        firstFailureAt: cond('$counts', firstFailureAt, '$firstFailureAt'),
        lastFailureAt: cond('$counts', now, '$lastFailureAt'),
        failures: '$counted',
        reached: cond('$locks', tierReached(policy), -1),
      },
    },
    {
      $set: setWhen(
        { $gte: ['$reached', 0] },
        {
          lockedUntil: cooloffEnd(tiers, now),
          tier: '$reached',
          reason: cond({ $eq: ['$reached', tiers.length] }, HARD_STOP_REASON, null),
          by: null,
          lockedBy: literal(lease.id),
        },
      ),
    },
    {
      $set: {
        forgetAt: cond(
          '$counts',
          forgetFrom === 'first'
            ? later('$firstFailureAt', forgetAfterMs)
            : later({ $max: [now, '$lockedUntil'] }, forgetAfterMs),
          '$forgetAt',
        ),
      },
    },
    { $unset: 'counted' },
    { $unset: 'counts' },
    { $unset: 'locks' },
    { $unset: 'reached' },
  ];
}

/** Under a lock this count, too, stops one short. */
function countConsecutive({ failures, forgetAfterMs }: PolicyHardStop, now: Now): Pipeline {
  const next = { $add: ['$consecutiveFailures', 1] };
  const counts = and('$applies', { $or: ['$locks', gt(failures, next)] });
  return [
    {
      $set: {
        consecutiveFailures: cond(counts, next, '$consecutiveFailures'),
        consecutiveUntil: cond(counts, later(now, forgetAfterMs), '$consecutiveUntil'),
      },
    },
  ];
}

/** Never more than the first tier has room for: a reset meanwhile must not leave more under way than fits below it. */
function slotsUntilLock(policy: Policy): Expression {
  return { $min: [failuresUntilLock(policy), policy.tiers[0]?.failures ?? 1] };
}

function failuresUntilLock({ tiers, hardStop }: Policy): Expression {
  const untilTier = { $subtract: [nextThreshold(tiers), '$failures'] };
  if (!hardStop) return untilTier;
  const untilHardStop = { $max: [1, { $subtract: [hardStop.failures, '$consecutiveFailures'] }] };
  return { $min: [untilTier, untilHardStop] };
}

/** The smallest threshold above the failures; past the last tier, one more. A long ladder must not nest deeply. */
function nextThreshold(tiers: readonly PolicyTier[]): Expression {
  const thresholds = tiers.map(({ failures }) => failures);
  const above = { $filter: { input: thresholds, as: 'threshold', cond: gt('$$threshold', '$failures') } };
  return { $ifNull: [{ $min: above }, { $add: ['$failures', 1] }] };
}

/** The index of the tier that exactly this count reaches, or -1; past the last tier, the last one. */
function tierReached({ tiers, hardStop }: Policy): Expression {
  const thresholds = tiers.map(({ failures }) => failures);
  const last = tiers.length - 1;
  const isPastLast = gt('$counted', thresholds[last]);
  const ofLadder = cond(isPastLast, last, { $indexOfArray: [thresholds, '$counted'] });
  if (!hardStop) return ofLadder;
  return cond({ $gte: ['$consecutiveFailures', hardStop.failures] }, tiers.length, ofLadder);
}

/** Past the end of the ladder lies the hard stop. */
function cooloffEnd(tiers: readonly PolicyTier[], now: Now): Expression {
  const ends = [...tiers.map(({ cooloffMs }) => later(now, cooloffMs)), FOREVER];
  return { $arrayElemAt: [ends, '$reached'] };
}

/** When the TTL monitor may remove the document. */
function housekeeping(now: Now): Stage {
  const matters = {
    $max: [
      cond(gt('$failures', 0), '$forgetAt', null),
      cond(gt('$consecutiveFailures', 0), '$consecutiveUntil', null),
      '$lockedUntil',
      { $max: '$leases.until' },
    ],
  };
  // Nothing matters any more: keep it a while from now, for the next login of this user.
  const last = { $ifNull: [matters, now] };
  return { $set: { expiresAt: cond({ $gte: [last, FOREVER] }, null, { $add: [last, IDLE_MS] }) } };
}

/** A date some milliseconds on; never beyond `FOREVER`. */
function later(from: Expression, ms: number): Expression {
  if (ms > LONGEST_MS) return FOREVER;
  return { $min: [{ $add: [from, ms] }, FOREVER] };
}

function setWhen(condition: Expression, values: Readonly<Record<string, Expression>>): Record<string, Expression> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, cond(condition, value, `$${name}`)]));
}

/** A text of somebody's choice must not be read as a field or an operator. */
function literal(value: string | null): Expression {
  return { $literal: value };
}
