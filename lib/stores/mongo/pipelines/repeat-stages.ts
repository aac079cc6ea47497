/** The rules of `policy/repeats` as stages of an update pipeline. */
import { MAX_GUESSES, MAX_REPEATS, MAX_REPEATS_ELSEWHERE } from '../../../policy/repeats.js';
import { type Lease, type Marks, type Policy, REPEATS_WINDOW_MS } from '../../../policy/state.js';
import { and, cond, type Expression, gt, isRefusedAt, later, literal, type Now, type Pipeline } from './expressions.js';

const GUESSES = { $ifNull: ['$guesses', []] };

/** A failure that is a repeat no longer applies. */
export function passRepeat(policy: Policy, lease: Lease, { guess, isRepeat }: Marks, now: Now): Pipeline {
  if (guess === undefined && !isRepeat) return [];
  const isKnown = guess === undefined ? false : { $in: [literal(guess), GUESSES] };
  const isRunning = and(gt('$repeats.since', null), gt(later('$repeats.since', REPEATS_WINDOW_MS), now));
  const running = cond(isRunning, '$repeats.n', 0);
  const most = cond(isKnown, MAX_REPEATS, MAX_REPEATS_ELSEWHERE);
  const passes = and(
    '$applies',
    { $not: [isRefusedAt(policy, now)] },
    gt(new Date(lease.until), now),
    isRepeat ? true : isKnown,
    { $lt: [running, most] },
  );
  const repeats = { n: { $add: [running, 1] }, since: cond(isRunning, '$repeats.since', now) };
  return [
    { $set: { passes } },
    { $set: { applies: and('$applies', { $not: ['$passes'] }), repeats: cond('$passes', repeats, '$repeats') } },
    { $unset: 'passes' },
  ];
}

/** The remembered guesses after one more wrong one. */
export function rememberedGuesses(guess: string): Expression {
  const isKnown = { $in: [literal(guess), GUESSES] };
  return cond(isKnown, '$guesses', { $slice: [{ $concatArrays: [GUESSES, [literal(guess)]] }, -MAX_GUESSES] });
}
