/** What a strategy's final action reveals about the credentials, and what is added to the info of a failed login. */
import type { StrategyOptions } from '../options/types.js';
import type { Verdict } from '../policy/state.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { saysWrong } from '../util/error-verdict.js';
import { guessesNothing } from './nothing-guessed.js';
import type { Profile } from './profile/profile.js';
import type { ActionName } from './strategy-like.js';

export interface VerdictRules {
  readonly rules: Pick<StrategyOptions, 'isFailure'>;
  readonly profile: Pick<Profile, 'countsFailures' | 'passIsFailure'> & Partial<Pick<Profile, 'isWrong' | 'gate'>>;
}

/** How a call ends: with an action of the strategy, or with a throw of verify, which is an error. */
export interface End {
  readonly name: ActionName;
  readonly args: readonly unknown[];
}

/**
 * @param end - `'error'` also if verify throws or rejects
 * @param wasWrong - whether verify itself reported wrong credentials
 */
export function verdictOf(
  { rules, profile }: VerdictRules,
  { name: called, args }: End,
  req: LockoutRequest,
  wasWrong: boolean,
): Verdict {
  const isWrong = rules.isFailure?.({ called, args, req }) ?? profile.isWrong?.(called, args) ?? judges();
  if (isWrong) return 'failure';
  return called === 'success' ? 'success' : 'release';

  /** Redirects, most passes and most errors judge nothing, unless the strategy uses them to report a wrong password. */
  function judges(): boolean {
    if (called === 'pass' && profile.passIsFailure) return true;
    if (!profile.countsFailures || called === 'success') return false;
    if (called === 'fail')
      return !args.some(isServerErrorStatus) && !(profile.gate === 'always' && guessesNothing(req, args));
    return wasWrong || (called === 'error' && saysWrong(args[0]));
  }
}

/** The info of a failure is an object or missing; a challenge for a header is a string and stays unchanged. */
export function withAttemptsLeft([info, ...rest]: readonly unknown[], attemptsLeft: number): readonly unknown[] {
  const isInfo = info === undefined || info === null || (typeof info === 'object' && !Array.isArray(info));
  return isInfo ? [{ ...info, attemptsLeft }, ...rest] : [info, ...rest];
}

/**
 * Some strategies report an outage of their directory as `fail` with a 5xx status. Larger numbers are the application's own codes.
 */
export function isServerErrorStatus(value: unknown): boolean {
  return typeof value === 'number' && value >= 500 && value < 600;
}
