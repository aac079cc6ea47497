/** The rules of `policy/sources` as stages of an update pipeline: which failures came from where, and which are taken back. */
import { MAX_SOURCES, MAX_SPELLINGS } from '../../../policy/sources.js';
import { type Policy, type PolicyTier, type Source, TAKEN_BACK_WINDOW_MS } from '../../../policy/state.js';
import { toTag, UNKNOWN_TAG } from '../lockout-document.js';
import {
  and,
  cond,
  type Expression,
  FORGOTTEN,
  gt,
  later,
  literal,
  type Now,
  type Pipeline,
  setWhen,
} from './expressions.js';

/**
 * Returns the counts per source after one more failure.
 *
 * @param atMost - how many sources there are at most
 */
export function countSource(
  source: Source | undefined,
  now: Now,
  atMost: number = Number.POSITIVE_INFINITY,
): Expression {
  const count = { t: '$$count.t', n: { $add: ['$$count.n', 1] }, a: now, f: { $ifNull: ['$$count.f', '$$count.a'] } };
  const tag = source ? toTag(source) : UNKNOWN_TAG;
  return countTag('$sources', tag, { counted: count, first: { a: now }, atMost, max: MAX_SOURCES });
}

/** Returns the counts per source after the first failure. */
export function firstSource(source: Source | undefined, now: Now): Expression {
  return [{ t: literal(source ? toTag(source) : UNKNOWN_TAG), n: 1, a: now }];
}

/**
 * Returns the counts of consecutive failures per spelling after one more failure.
 *
 * @param atMost - how many spellings there are at most
 */
export function countSpelling(source: Source | undefined, atMost: number = Number.POSITIVE_INFINITY): Expression {
  const counted = { t: '$$count.t', n: { $add: ['$$count.n', 1] } };
  const tag = source?.spelling ?? '';
  return countTag('$spellings', tag, { counted, first: {}, atMost, max: MAX_SPELLINGS, unknown: '' });
}

/** Ends the row of failures under the spelling of a success. */
export function endRow({ spelling }: Source, forgives: Expression): Pipeline {
  const ended = cond(forgives, sumOf('$spellings', spelling), 0);
  const isOver = and(gt('$ended', 0), { $lte: ['$consecutiveFailures', '$ended'] });
  return [
    { $set: { ended } },
    {
      $set: {
        consecutiveFailures: { $subtract: ['$consecutiveFailures', '$ended'] },
        consecutiveUntil: cond(isOver, null, '$consecutiveUntil'),
        spellings: cond(gt('$ended', 0), withoutTag('$spellings', spelling), '$spellings'),
      },
    },
    { $unset: 'ended' },
  ];
}

/** Takes back the failures from the source of a success, within what is left for today. */
export function takeBack(policy: Policy, source: Source, forgives: Expression, now: Now): Pipeline {
  const tag = toTag(source);
  const own = sumOf('$sources', tag);
  const isBounded = Number.isFinite(policy.maxTakenBack);
  const isRecent = gt('$$at', later(now, -TAKEN_BACK_WINDOW_MS));
  const before = { $filter: { input: '$takenBackAt', as: 'at', cond: isRecent } };
  const left = { $max: [0, { $subtract: [policy.maxTakenBack, { $size: before }] }] };
  const most = isBounded ? { $min: [own, left] } : own;
  const rest = { $subtract: ['$failures', '$taken'] };
  const takes = gt('$taken', 0);
  const more = { $map: { input: { $range: [0, '$taken'] }, in: now } };
  return [
    { $set: { taken: cond(forgives, most, 0) } },
    // Otherwise the other attempts under way would fail under the next lock, and not count.
    {
      $set: { taken: cond(gt({ $add: [rest, { $size: '$leases' }] }, nextThreshold(policy.tiers, rest)), 0, '$taken') },
    },
    {
      $set: {
        failures: rest,
        sources: cond(takes, withLess(tag), '$sources'),
        takenBackAt: cond(takes, isBounded ? { $concatArrays: [before, more] } : [], '$takenBackAt'),
      },
    },
    ...(policy.sprayNames === undefined ? [] : fadeSpray(policy.sprayNames, takes)),
    { $set: setWhen(and(takes, { $eq: ['$failures', 0] }), FORGOTTEN) },
    ...setDates(policy, and(takes, gt('$failures', 0))),
    { $unset: 'taken' },
  ];
}

/** Returns from how many places the attributed failures came. */
export function placesOf(sources: Expression): Expression {
  const known = { $filter: { input: sources, as: 'count', cond: { $ne: ['$$count.t', UNKNOWN_TAG] } } };
  const places = { $map: { input: known, as: 'count', in: { $arrayElemAt: [{ $split: ['$$count.t', '.'] }, 0] } } };
  return { $size: { $setUnion: [places, []] } };
}

function fadeSpray(names: number, takes: Expression): Pipeline {
  const lasts = and('$isSprayed', { $gte: [placesOf('$sources'), names / 2] });
  return [{ $set: { isSprayed: cond(takes, lasts, '$isSprayed') } }];
}

/** Returns the smallest threshold above the failures; past the last tier, one more. A long ladder must not nest deeply. */
export function nextThreshold(tiers: readonly PolicyTier[], failures: Expression): Expression {
  const thresholds = tiers.map((tier) => tier.failures);
  const above = { $filter: { input: thresholds, as: 'threshold', cond: gt('$$threshold', failures) } };
  return { $ifNull: [{ $min: above }, { $add: [failures, 1] }] };
}

/** Returns the index of the tier that exactly this count reaches, or -1; past the last tier, the last one. */
export function tierReachedAt(tiers: readonly PolicyTier[], failures: Expression): Expression {
  const thresholds = tiers.map((tier) => tier.failures);
  return cond(gt(failures, thresholds.at(-1)), tiers.length - 1, { $indexOfArray: [thresholds, failures] });
}

/** Sets the dates of the failures that remain. */
function setDates({ tiers, forgetFrom, forgetAfterMs }: Policy, when: Expression): Pipeline {
  const isComplete = and(when, { $eq: [{ $sum: '$sources.n' }, '$failures'] });
  const firsts = { $map: { input: '$sources', as: 'count', in: { $ifNull: ['$$count.f', '$$count.a'] } } };
  // The end of their own lock if they reached one; the last element is for no lock.
  const quietEnds = [...tiers.map(({ cooloffMs }) => later('$lastFailureAt', cooloffMs)), '$lastFailureAt'];
  const reached = tierReachedAt(tiers, '$failures');
  const quietFrom = { $arrayElemAt: [quietEnds, cond({ $lt: [reached, 0] }, tiers.length, reached)] };
  const fromFirst = cond(gt('$firstFailureAt', null), later('$firstFailureAt', forgetAfterMs), '$forgetAt');
  const forgetAt = forgetFrom === 'first' ? fromFirst : { $min: ['$forgetAt', later(quietFrom, forgetAfterMs)] };
  return [
    { $set: setWhen(isComplete, { firstFailureAt: { $min: firsts }, lastFailureAt: { $max: '$sources.a' } }) },
    { $set: setWhen(when, { forgetAt }) },
  ];
}

interface Counts {
  /** What `$$count` becomes. */
  readonly counted: Expression;
  /** The fields of a new count besides its tag and its number. */
  readonly first: Readonly<Record<string, Expression>>;
  /** How many counts there are at most before this one. */
  readonly atMost: number;
  /** How many known tags are counted by themselves. */
  readonly max: number;
  readonly unknown?: string;
}

/** Adds one to a tag's count; if the list is full, a new tag counts as unknown. */
function countTag(list: string, tag: string, counts: Counts): Expression {
  const { atMost, max, unknown = UNKNOWN_TAG } = counts;
  // Which tag is not even asked where there is room for one more.
  if (atMost < max) return raiseOrAdd(list, tag, counts);
  const known = { $subtract: [{ $size: list }, cond(isIn(unknown, list), 1, 0)] };
  // One expression for each tag: servers compute a variable anew for each element of the list.
  const isItself = { $or: [isIn(tag, list), { $lt: [known, max] }] };
  return cond(isItself, raiseOrAdd(list, tag, counts), raiseOrAdd(list, unknown, counts));
}

function raiseOrAdd(list: string, tag: string, { counted, first }: Counts): Expression {
  const isOwn = { $eq: ['$$count.t', literal(tag)] };
  const raised = { $map: { input: list, as: 'count', in: cond(isOwn, counted, '$$count') } };
  return cond(isIn(tag, list), raised, { $concatArrays: [list, [{ t: literal(tag), n: 1, ...first }]] });
}

const isIn = (tag: string, list: string) => ({ $in: [literal(tag), `${list}.t`] });

function sumOf(list: string, tag: string): Expression {
  const own = { $filter: { input: list, as: 'count', cond: { $eq: ['$$count.t', literal(tag)] } } };
  return { $sum: { $map: { input: own, as: 'count', in: '$$count.n' } } };
}

function withoutTag(list: string, tag: string): Expression {
  return { $filter: { input: list, as: 'count', cond: { $ne: ['$$count.t', literal(tag)] } } };
}

/** Returns the sources with this tag's count reduced by `$taken`, and removed at zero. */
function withLess(tag: string): Expression {
  const isOwn = { $eq: ['$$count.t', literal(tag)] };
  const less = { $mergeObjects: ['$$count', { n: { $subtract: ['$$count.n', '$taken'] } }] };
  const input = { $map: { input: '$sources', as: 'count', in: cond(isOwn, less, '$$count') } };
  return { $filter: { input, as: 'count', cond: gt('$$count.n', 0) } };
}
