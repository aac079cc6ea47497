/**
 * The rules of `lib/policy` as update pipelines, so that each step is one atomic operation on one document.
 *
 * The policy remains the single source of truth: it computes replies from the document as it was, and a model-based test proves
 * that these pipelines leave the document as the policy would.
 */
import type { Block, DeviceRevocation, Restoration } from '../../../policy/manage.js';
import {
  type Lease,
  type Marks,
  type Policy,
  type PolicyHardStop,
  type PolicyTier,
  REPEATS_WINDOW_MS,
  type Source,
  TAKEN_BACK_WINDOW_MS,
  type Verdict,
} from '../../../policy/state.js';
import { FOREVER, IDLE_MS, toDate } from '../lockout-document.js';
import { MARK } from '../mark.js';
import {
  and,
  cond,
  type Expression,
  FORGOTTEN,
  gt,
  isLockedAt,
  isRefusedAt,
  later,
  literal,
  lte,
  NOT_CONSECUTIVE,
  type Now,
  type Pipeline,
  RESET,
  type Stage,
  setWhen,
} from './expressions.js';
import { passRepeat, rememberedGuesses } from './repeat-stages.js';
import {
  countSource,
  countSpelling,
  endRow,
  nextThreshold,
  placesOf,
  takeBack,
  tierReachedAt,
} from './source-stages.js';

export function reservePipeline(policy: Policy, id: string, now: Now): Pipeline {
  const isRefused = isRefusedAt(policy, now);
  const isTaken = and(
    { $not: [isRefused] },
    { $not: [{ $in: [literal(id), '$leases.id'] }] },
    gt(slotsUntilLock(policy), { $size: '$leases' }),
  );
  const lease = { id: literal(id), until: later(now, policy.leaseTimeoutMs) };
  return [
    // Under a lock nothing changes, so that knocking costs no write.
    ...currentState(now, isRefused),
    { $set: { leases: cond(isTaken, { $concatArrays: ['$leases', [lease]] }, '$leases') } },
    housekeeping(now),
  ];
}

export function settlePipeline(policy: Policy, lease: Lease, verdict: Verdict, marks: Marks, now: Now): Pipeline {
  const isHeld = { $in: [literal(lease.id), '$leases.id'] };
  const applies = marks.mayBeSettled ? isHeld : { $or: [isHeld, lte(new Date(lease.until), now)] };
  const others = { $filter: { input: '$leases', as: 'lease', cond: { $ne: ['$$lease.id', literal(lease.id)] } } };
  return [
    { $set: { applies } },
    ...currentState(now, false),
    { $set: { leases: cond('$applies', others, '$leases') } },
    ...verdictStages(policy, lease, verdict, marks, now),
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
        // A missing date stays missing: $min ignores null.
        forgetAt: cond({ $eq: ['$forgetAt', null] }, null, { $min: ['$forgetAt', later(lockedUntil, forgetAfterMs)] }),
        cause: 'operator',
        tier: null,
        limit: null,
        reason: literal(reason),
        by: literal(by),
        lockedBy: null,
      },
    },
    housekeeping(now),
  ];
}

export function resetPipeline(now: Now): Pipeline {
  return [...currentState(now, false), { $set: RESET }, housekeeping(now)];
}

/** The same, and revoked devices are forgotten too. */
export function erasePipeline(now: Now): Pipeline {
  return [...currentState(now, false), { $set: { ...RESET, devices: null } }, housekeeping(now)];
}

export function restorePipeline(lifted: Restoration, now: Now): Pipeline {
  const { failures, firstFailureAt, lastFailureAt, cause, tier, limit, reason, by, lockedBy } = lifted;
  const lockedUntil = toDate(lifted.lockedUntil);
  // $min and $max ignore null.
  const dateOrNull = (at: number | null) => (at === null ? null : toDate(at));
  return [
    ...currentState(now, false),
    {
      $set: setWhen(and({ $not: [isLockedAt(now)] }, gt(lockedUntil, now)), {
        failures: { $max: ['$failures', failures] },
        lockedUntil,
        forgetAt: failures > 0 ? { $max: ['$forgetAt', toDate(lifted.forgetAt)] } : '$forgetAt',
        firstFailureAt: { $min: ['$firstFailureAt', dateOrNull(firstFailureAt)] },
        lastFailureAt: { $max: ['$lastFailureAt', dateOrNull(lastFailureAt)] },
        cause,
        tier,
        limit,
        reason: literal(reason),
        by: literal(by),
        lockedBy: literal(lockedBy),
      }),
    },
    housekeeping(now),
  ];
}

export function revokeDevicesPipeline({ forMs }: DeviceRevocation, now: Now): Pipeline {
  const since = { $max: [{ $add: [now, 1] }, '$devices.since'] };
  const until = { $max: [later(now, forMs), '$devices.until'] };
  return [...currentState(now, false), { $set: { devices: { since, until } } }, housekeeping(now)];
}

/** Resets the subject if the lock that holds was set by this lease; changes nothing otherwise. */
export function resetLockedByPipeline(lockedBy: string, now: Now): Pipeline {
  const isThisLock = and(isLockedAt(now), { $eq: ['$lockedBy', literal(lockedBy)] });
  return [{ $set: setWhen(isThisLock, RESET) }, housekeeping(now)];
}

/** Drops expired leases and forgets failures that are due. */
function currentState(now: Now, isUntouched: Expression): Pipeline {
  const live = { $filter: { input: '$leases', as: 'lease', cond: gt('$$lease.until', now) } };
  const isOver = (date: string) => and(lte(date, now), { $not: [isLockedAt(now)] });
  const isForgotten = and({ $or: [lte('$forgetAt', now), { $eq: ['$failures', 0] }] }, { $not: [isLockedAt(now)] });
  return [
    {
      $set: {
        leases: cond(isUntouched, '$leases', live),
        // A record of 0.1.0 has none of these.
        takenBackAt: { $ifNull: ['$takenBackAt', []] },
        ...setWhen(and(gt('$devices.until', null), lte('$devices.until', now)), { devices: null }),
        ...setWhen(isForgotten, FORGOTTEN),
        sources: cond(isForgotten, [], { $ifNull: ['$sources', []] }),
        ...setWhen(isOver('$consecutiveUntil'), NOT_CONSECUTIVE),
        spellings: cond(isOver('$consecutiveUntil'), [], { $ifNull: ['$spellings', []] }),
      },
    },
  ];
}

function verdictStages(policy: Policy, lease: Lease, verdict: Verdict, marks: Marks, now: Now): Pipeline {
  if (verdict === 'success') return forgive(policy, lease, marks.source, now);
  if (verdict === 'release') return [];
  const count = policy.rowOnly ? countRowOnly : countFailure;
  return [...passRepeat(policy, lease, marks, now), ...count(policy, lease, marks, now)];
}

/** Forgives unless the lease is over: then the attempt may be one guess more than there are slots. */
function forgive(policy: Policy, { until }: Lease, source: Source | undefined, now: Now): Pipeline {
  const forgives = and('$applies', { $not: [isRefusedAt(policy, now)] }, gt(new Date(until), now));
  if (policy.rowOnly) return source ? endRow(source, forgives) : [];
  if (policy.resetOnSuccess === 'all') return [{ $set: setWhen(forgives, RESET) }];
  if (!source) return [];
  return [...endRow(source, forgives), ...(policy.resetOnSuccess ? takeBack(policy, source, forgives, now) : [])];
}

function countFailure(policy: Policy, lease: Lease, { source, guess }: Marks, now: Now): Pipeline {
  const { tiers, forgetFrom, forgetAfterMs, hardStop, sprayNames } = policy;
  const firstFailureAt = cond({ $eq: ['$failures', 0] }, now, { $ifNull: ['$firstFailureAt', now] });
  // Under a lock the count stops one short of the next tier.
  const oneShort = { $min: [{ $add: ['$failures', 1] }, { $subtract: [nextThreshold(tiers, '$failures'), 1] }] };
  const isHardStop = { $eq: ['$reached', tiers.length] };
  const failures = cond(isLockedAt(now), oneShort, { $add: ['$failures', 1] });
  return [
    { $set: { counted: cond('$applies', failures, '$failures') } },
    { $set: { counts: { $ne: ['$counted', '$failures'] }, locks: and('$applies', { $not: [isLockedAt(now)] }) } },
    ...(hardStop ? countConsecutive(hardStop, source, now) : []),
    {
      $set: {
        firstFailureAt: cond('$counts', firstFailureAt, '$firstFailureAt'),
        lastFailureAt: cond('$counts', now, '$lastFailureAt'),
        failures: '$counted',
        sources: cond('$counts', countSource(source, now), '$sources'),
        ...(guess !== undefined && { guesses: cond('$locks', rememberedGuesses(guess), '$guesses') }),
        reached: cond('$locks', tierReached(policy), -1),
      },
    },
    ...(sprayNames === undefined ? [] : seeSpray(sprayNames)),
    {
      $set: setWhen(
        { $gte: ['$reached', 0] },
        {
          lockedUntil: cooloffEnd(tiers, now),
          cause: cond(isHardStop, 'hardStop', 'tier'),
          tier: cond(isHardStop, null, '$reached'),
          limit: limitReached(policy),
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

function seeSpray(names: number): Pipeline {
  const isSprayed = { $or: [{ $eq: ['$isSprayed', true] }, { $gte: [placesOf('$sources'), names] }] };
  return [{ $set: { isSprayed: cond('$locks', isSprayed, '$isSprayed') } }];
}

function countRowOnly(policy: Policy, lease: Lease, { source }: Marks, now: Now): Pipeline {
  const { hardStop, forgetFrom, forgetAfterMs } = policy;
  if (!hardStop) return [];
  const isReached = and('$locks', { $gte: ['$consecutiveFailures', hardStop.failures] });
  return [
    { $set: { locks: and('$applies', { $not: [isRefusedAt(policy, now)] }) } },
    ...countConsecutive(hardStop, source, now),
    {
      $set: setWhen(isReached, {
        lockedUntil: FOREVER,
        forgetAt: forgetFrom === 'first' ? '$forgetAt' : later(FOREVER, forgetAfterMs),
        cause: 'hardStop',
        tier: null,
        limit: hardStop.failures,
        reason: null,
        by: null,
        lockedBy: literal(lease.id),
      }),
    },
    { $unset: 'locks' },
  ];
}

/** Counts towards the hard stop; under a lock this count also stops one short. */
function countConsecutive({ failures, forgetAfterMs }: PolicyHardStop, source: Source | undefined, now: Now): Pipeline {
  const next = { $add: ['$consecutiveFailures', 1] };
  const counts = and('$applies', { $or: ['$locks', gt(failures, next)] });
  return [
    {
      $set: {
        consecutiveFailures: cond(counts, next, '$consecutiveFailures'),
        consecutiveUntil: cond(counts, later(now, forgetAfterMs), '$consecutiveUntil'),
        spellings: cond(counts, countSpelling(source), '$spellings'),
      },
    },
  ];
}

/** Returns never more than the first tier has room for: a reset must not leave more attempts under way than fit below it. */
function slotsUntilLock(policy: Policy): Expression {
  if (policy.rowOnly) return failuresUntilHardStop(policy);
  return { $min: [failuresUntilLock(policy), policy.tiers[0]?.failures ?? 1] };
}

function failuresUntilLock({ tiers, hardStop }: Policy): Expression {
  const untilTier = { $subtract: [nextThreshold(tiers, '$failures'), '$failures'] };
  return { $min: [untilTier, failuresUntilHardStop({ hardStop })] };
}

function failuresUntilHardStop({ hardStop }: Pick<Policy, 'hardStop'>): Expression {
  if (!hardStop) return Number.MAX_SAFE_INTEGER;
  return { $max: [1, { $subtract: [hardStop.failures, '$consecutiveFailures'] }] };
}

/** Returns when the lock of `$reached` ends; the index past the ladder is the hard stop. */
function cooloffEnd(tiers: readonly PolicyTier[], now: Now): Expression {
  const ends = [...tiers.map(({ cooloffMs }) => later(now, cooloffMs)), FOREVER];
  return { $arrayElemAt: [ends, '$reached'] };
}

function limitReached({ tiers, hardStop }: Policy): Expression {
  return { $arrayElemAt: [[...tiers.map(({ failures }) => failures), hardStop?.failures ?? null], '$reached'] };
}

/** Sets when the TTL monitor may remove the document. */
function housekeeping(now: Now): Stage {
  const lastTakenBackAt = { $max: '$takenBackAt' };
  const matters = {
    $max: [
      cond(gt('$failures', 0), '$forgetAt', null),
      cond(gt('$consecutiveFailures', 0), '$consecutiveUntil', null),
      cond(gt(lastTakenBackAt, null), later(lastTakenBackAt, TAKEN_BACK_WINDOW_MS), null),
      cond(gt('$repeats.since', null), later('$repeats.since', REPEATS_WINDOW_MS), null),
      '$devices.until',
      '$lockedUntil',
      { $max: '$leases.until' },
    ],
  };
  // If nothing matters any more, keep it for a while, for the user's next login.
  const last = { $ifNull: [matters, now] };
  return { $set: { expiresAt: cond({ $gte: [last, FOREVER] }, null, { $add: [last, IDLE_MS] }), madeBy: MARK } };
}

/** Returns what exactly this count reaches: a tier's index, the ladder's length for the hard stop, or -1. Only for this pipeline. */
function tierReached({ tiers, hardStop }: Policy): Expression {
  const ofLadder = tierReachedAt(tiers, '$counted');
  if (!hardStop) return ofLadder;
  return cond({ $gte: ['$consecutiveFailures', hardStop.failures] }, tiers.length, ofLadder);
}
