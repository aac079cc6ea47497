/**
 * The rules of `lib/policy` as update pipelines, so that each step is one atomic operation on one document.
 *
 * The policy stays the one source: replies are computed by it from the document as it was, and a model-based test proves
 * that these pipelines leave the document as the policy says.
 */
import type { Block } from '../../policy/manage.js';
import type { Lease, Policy, PolicyTier, Verdict } from '../../policy/state.js';
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

const CLEARED = {
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

export function reservePipeline(policy: Policy, id: string, now: Now): Pipeline {
  const isTaken = and(
    { $not: [isLockedAt(now)] },
    { $not: [{ $in: [literal(id), '$leases.id'] }] },
    gt(nextThreshold(policy.tiers), { $add: ['$failures', { $size: '$leases' }] }),
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

export function blockPipeline({ forMs, reason, by }: Block, now: Now): Pipeline {
  return [
    ...currentState(now, false),
    {
      $set: {
        lockedUntil: later(now, forMs),
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
  const isForgotten = and(lte('$forgetAt', now), { $not: [isLockedAt(now)] });
  return [{ $set: { leases: cond(isUntouched, '$leases', live) } }, { $set: setWhen(isForgotten, CLEARED) }];
}

function verdictStages(policy: Policy, lease: Lease, verdict: Verdict, now: Now): Pipeline {
  if (verdict === 'failure') return countFailure(policy, lease, now);
  if (verdict === 'success' && policy.resetOnSuccess) {
    return [{ $set: setWhen(and('$applies', { $not: [isLockedAt(now)] }), CLEARED) }];
  }
  return [];
}

function countFailure(policy: Policy, lease: Lease, now: Now): Pipeline {
  const { tiers, forgetFrom, forgetAfterMs } = policy;
  const firstFailureAt = cond({ $eq: ['$failures', 0] }, now, { $ifNull: ['$firstFailureAt', now] });
  // Under a lock the count stops one short of the next tier.
  const oneShort = { $min: [{ $add: ['$failures', 1] }, { $subtract: [nextThreshold(tiers), 1] }] };
  const failures = cond(isLockedAt(now), oneShort, { $add: ['$failures', 1] });
  return [
    { $set: { counted: cond('$applies', failures, '$failures') } },
    { $set: { counts: { $ne: ['$counted', '$failures'] }, locks: and('$applies', { $not: [isLockedAt(now)] }) } },
    {
      $set: {
        firstFailureAt: cond('$counts', firstFailureAt, '$firstFailureAt'),
        lastFailureAt: cond('$counts', now, '$lastFailureAt'),
        failures: '$counted',
        reached: cond('$locks', tierReached(tiers, '$counted'), -1),
      },
    },
    {
      $set: setWhen(
        { $gte: ['$reached', 0] },
        {
          lockedUntil: cooloffEnd(tiers, now),
          tier: '$reached',
          reason: null,
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

/** The smallest threshold above the failures; past the last tier, one more. */
function nextThreshold(tiers: readonly PolicyTier[]): Expression {
  return tiers.reduceRight<Expression>(
    (otherwise, { failures }) => cond(gt(failures, '$failures'), failures, otherwise),
    { $add: ['$failures', 1] },
  );
}

/** The index of the tier that exactly this count reaches, or -1; past the last tier, the last one. */
function tierReached(tiers: readonly PolicyTier[], count: Expression): Expression {
  const last = tiers.length - 1;
  return tiers.reduceRight<Expression>((otherwise, { failures }, index) => {
    const isReached = index === last ? { $gte: [count, failures] } : { $eq: [count, failures] };
    return cond(isReached, index, otherwise);
  }, -1);
}

function cooloffEnd(tiers: readonly PolicyTier[], now: Now): Expression {
  return tiers.reduceRight<Expression>(
    (otherwise, { cooloffMs }, index) => cond({ $eq: ['$reached', index] }, later(now, cooloffMs), otherwise),
    '$lockedUntil',
  );
}

/** When the TTL monitor may remove the document. */
function housekeeping(now: Now): Stage {
  const matters = { $max: [cond(gt('$failures', 0), '$forgetAt', null), '$lockedUntil', { $max: '$leases.until' }] };
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
