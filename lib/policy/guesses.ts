/** Computes how many guesses a ladder grants to a patient attacker who knows it. */
import type { Policy } from './state.js';

/**
 * A number of consecutive guesses and the time they take: a run ends with its last guess, a cycle when everything is forgotten.
 */
interface Guesses {
  readonly guesses: number;
  readonly ms: number;
}

/**
 * Returns an upper bound on the guesses at one subject that are verified within a time, between two successes or resets,
 * regardless of their timing and of how many are parallel. Nearly exact for times much longer than the ladder.
 *
 * An attacker repeats the cycle with the most guesses per time (climb a number of tiers, wait until everything is forgotten)
 * and at the end climbs as far as the time allows. The best cycle ends one short of a tier, at the ladder's end, or never.
 */
export function mostGuesses(policy: Policy, horizonMs: number): number {
  const byLadder = mostByLadder(policy, horizonMs);
  const { hardStop } = policy;
  if (!hardStop) return byLadder;
  // One short of the hard stop, then silence until those failures are forgotten too.
  const silences = Math.max(0, Math.ceil(horizonMs / hardStop.forgetAfterMs) - 1);
  return Math.min(byLadder, silences * (hardStop.failures - 1) + hardStop.failures);
}

function mostByLadder(policy: Policy, horizonMs: number): number {
  const rate = Math.max(lastingRate(policy), ...cyclesOf(policy).map(({ guesses, ms }) => guesses / ms));
  const bounds = runsOf(policy, horizonMs).map(({ guesses, ms }) => guesses + rate * (horizonMs - ms));
  return Math.floor(Math.max(...bounds));
}

/** Returns the runs that no other run beats: those that end with the guess that reaches a tier, and the longest. */
function runsOf({ tiers, forgetFrom, forgetAfterMs }: Policy, horizonMs: number): readonly Guesses[] {
  // Counted from the first failure, a run is cut off when its failures are due to be forgotten and no lock holds.
  const endMs = forgetFrom === 'first' ? Math.min(horizonMs, forgetAfterMs) : horizonMs;
  const runs: Guesses[] = [];
  let ms = 0;
  for (const tier of tiers) {
    if (ms >= endMs) return runs;
    runs.push({ guesses: tier.failures, ms });
    ms += tier.cooloffMs;
  }
  const last = tiers.at(-1);
  if (last && ms < endMs) {
    const more = Math.ceil((endMs - ms) / last.cooloffMs);
    runs.push({ guesses: last.failures + more, ms: ms + (more - 1) * last.cooloffMs });
  }
  return runs;
}

function cyclesOf(policy: Policy): readonly Guesses[] {
  const { tiers, forgetAfterMs, forgetFrom } = policy;
  const whole = (lockedMs: number) =>
    forgetFrom === 'first' ? Math.max(forgetAfterMs, lockedMs) : lockedMs + forgetAfterMs;
  const cycles: Guesses[] = [];
  let lockedMs = 0;
  for (const { failures, cooloffMs } of tiers) {
    if (forgetFrom === 'first' && lockedMs >= forgetAfterMs) return cycles;
    cycles.push({ guesses: failures - 1, ms: whole(lockedMs) });
    lockedMs += cooloffMs;
    cycles.push({ guesses: failures, ms: whole(lockedMs) });
  }
  if (forgetFrom === 'first' && Number.isFinite(forgetAfterMs) && lockedMs < forgetAfterMs) {
    // Past the last tier as often as the time allows, with the lock of the last guess or without that guess.
    const cooloffMs = tiers.at(-1)?.cooloffMs ?? 0;
    const { guesses, ms } = runsOf(policy, forgetAfterMs).at(-1) as Guesses;
    cycles.push({ guesses, ms: whole(ms + cooloffMs) }, { guesses: guesses - 1, ms: forgetAfterMs });
  }
  return cycles;
}

/** Past the last tier there is one guess per cool-off, forever, unless failures are forgotten in between. */
function lastingRate({ tiers, forgetFrom }: Policy): number {
  const longestMs = Math.max(...tiers.map(({ cooloffMs }) => cooloffMs));
  const lastMs = tiers.at(-1)?.cooloffMs ?? longestMs;
  return forgetFrom === 'last' && Number.isFinite(longestMs) ? 1 / lastMs : 0;
}
