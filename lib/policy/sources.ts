/**
 * Decides which failures a success takes back: only those that came from the same place under the same exact spelling of the
 * name. So users' own logins erase their typing errors, and nobody's login forgives anybody else's guesses.
 */
import { nextThreshold, tierReachedAt } from './ladder.js';
import {
  type Policy,
  type Source,
  type SourceCount,
  type SpellingCount,
  type SubjectState,
  TAKEN_BACK_WINDOW_MS,
  withoutFailures,
} from './state.js';

/** Sources beyond this number share one count that no success takes back, so that a record stays small under attack. */
export const MAX_SOURCES = 64;
export const MAX_SPELLINGS = 16;
/** No client can be this source, because its spelling is empty. */
const UNKNOWN_SOURCE: Source = { place: '', spelling: '' };

/** Returns the counts after one more failure. */
export function countSource(
  sources: readonly SourceCount[],
  source: Source | undefined,
  now: number,
): readonly SourceCount[] {
  let own: Source = source ?? UNKNOWN_SOURCE;
  let at = sources.length - 1;
  // Most failures come from a known source.
  while (at >= 0 && (sources[at]?.spelling !== own.spelling || sources[at]?.place !== own.place)) at -= 1;
  if (at < 0 && sources.length >= MAX_SOURCES) ({ own, at } = attributed(sources, source, isSameSource, MAX_SOURCES));
  const known = sources[at];
  if (known) return sources.with(at, { ...known, failures: known.failures + 1, lastAt: now });
  const first = { place: own.place, spelling: own.spelling, failures: 1, firstAt: now, lastAt: now };
  // An array spread from an empty one has room for sixteen more, in each of a million records.
  return sources.length === 0 ? [first] : [...sources, first];
}

/** Returns the counts of consecutive failures after one more failure. */
export function countSpelling(
  spellings: readonly SpellingCount[],
  source: Source | undefined,
): readonly SpellingCount[] {
  const { own, at } = attributed(spellings, source, isSameSpelling, MAX_SPELLINGS);
  const known = spellings[at];
  if (known) return spellings.with(at, { ...known, failures: known.failures + 1 });
  return [...spellings, { spelling: own.spelling, failures: 1 }];
}

/**
 * Returns the state after a success from this source, which is not locked. Takes nothing back while more attempts are being
 * verified than could then fail before the next lock: the others would fail under it and not count.
 */
export function takeBack(state: SubjectState, policy: Policy, now: number, source: Source): SubjectState {
  const own = state.sources.find((other) => isSameSource(other, source));
  if (!own) return state;
  const takenBefore = liveTakenBack(state, now);
  const taken = Math.min(own.failures, policy.maxTakenBack - takenBefore.length);
  const failures = state.failures - taken;
  if (taken <= 0 || failures + state.leases.length > nextThreshold(policy.tiers, failures)) return state;
  const rest = { ...own, failures: own.failures - taken };
  const sources = state.sources.flatMap((other) => (other !== own ? [other] : rest.failures > 0 ? [rest] : []));
  const isBounded = policy.maxTakenBack !== Number.POSITIVE_INFINITY;
  const takenBackAt = isBounded ? [...takenBefore, ...Array<number>(taken).fill(now)] : [];
  const isSprayed = state.isSprayed && placesOf(sources) >= (policy.sprayNames ?? 0) / 2;
  const counted = { ...state, takenBackAt, failures, sources, isSprayed };
  return counted.failures > 0 ? { ...counted, ...datesOf(counted, policy) } : withoutFailures(counted);
}

/** Ends the run of failures under the spelling of a success, wherever they came from. */
export function endRow(state: SubjectState, source: Source | undefined): SubjectState {
  const own = source && state.spellings.find((other) => isSameSpelling(other, source));
  if (!own) return state;
  const consecutiveFailures = state.consecutiveFailures - own.failures;
  const consecutiveUntil = consecutiveFailures > 0 ? state.consecutiveUntil : 0;
  return {
    ...state,
    consecutiveFailures,
    consecutiveUntil,
    spellings: state.spellings.filter((other) => other !== own),
  };
}

/** Returns how many failures successes have taken back within the last day. */
export function takenBackNow(state: SubjectState, now: number): number {
  return liveTakenBack(state, now).length;
}

function liveTakenBack({ takenBackAt }: SubjectState, now: number): readonly number[] {
  return takenBackAt.filter((at) => at + TAKEN_BACK_WINDOW_MS > now);
}

/** Returns how many places the attributed failures came from; more than 64 sources are not distinguished. */
export function placesOf(sources: readonly SourceCount[]): number {
  if (sources.length <= 1) return sources[0] && sources[0].spelling !== '' ? 1 : 0;
  return new Set(sources.filter(({ spelling }) => spelling !== '').map(({ place }) => place)).size;
}

interface Attribution {
  readonly own: Source;
  /** Index of its count; -1 for the first. */
  readonly at: number;
}

/** Determines whose count a failure belongs to. If the list is full, a new source counts as unknown. */
function attributed<T>(
  counts: readonly T[],
  source: Source | undefined,
  isSame: (count: T, source: Source) => boolean,
  max: number,
): Attribution {
  const own = source ?? UNKNOWN_SOURCE;
  const at = counts.findIndex((count) => isSame(count, own));
  if (at >= 0 || own.spelling === '' || counts.length < max) return { own, at };
  const unknown = counts.findIndex((count) => isSame(count, UNKNOWN_SOURCE));
  const known = unknown < 0 ? counts.length : counts.length - 1;
  return known < max ? { own, at } : { own: UNKNOWN_SOURCE, at: unknown };
}

/**
 * Sets the dates of the remaining failures; otherwise two guesses of a stranger would be remembered for as long as the owner
 * occasionally mistypes. Failures of an old record that are in no source keep their dates.
 */
function datesOf(
  state: SubjectState,
  policy: Policy,
): Pick<SubjectState, 'firstFailureAt' | 'lastFailureAt' | 'forgetAt'> {
  const { failures, sources } = state;
  const isComplete = sources.reduce((sum, source) => sum + source.failures, 0) === failures;
  const firstFailureAt = isComplete ? Math.min(...sources.map(({ firstAt }) => firstAt)) : state.firstFailureAt;
  const lastFailureAt = isComplete ? Math.max(...sources.map(({ lastAt }) => lastAt)) : state.lastFailureAt;
  return { firstFailureAt, lastFailureAt, forgetAt: forgetAtOf(firstFailureAt, lastFailureAt, state, policy) };
}

function forgetAtOf(
  firstFailureAt: number | null,
  lastFailureAt: number | null,
  { failures, forgetAt }: SubjectState,
  { tiers, forgetFrom, forgetAfterMs }: Policy,
): number {
  if (forgetFrom === 'first') return firstFailureAt === null ? forgetAt : firstFailureAt + forgetAfterMs;
  if (lastFailureAt === null) return forgetAt;
  // Quiet time starts at the end of the lock that these failures reached on their own, if they did.
  const lockMs = tiers[tierReachedAt(tiers, failures)]?.cooloffMs ?? 0;
  return Math.min(forgetAt, lastFailureAt + lockMs + forgetAfterMs);
}

function isSameSource(a: Source, b: Source): boolean {
  return a.spelling === b.spelling && a.place === b.place;
}

function isSameSpelling(a: Pick<Source, 'spelling'>, b: Pick<Source, 'spelling'>): boolean {
  return a.spelling === b.spelling;
}
