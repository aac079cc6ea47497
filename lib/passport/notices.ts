/** Reports how a strategy ends to the watch over its verdicts, which looks for those that are never counted. */
import type { Refusal } from '../attempt/refusal.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import type { GuardParts } from './guard-parts.js';
import { hasFilledCredentials } from './profile/sent-credentials.js';
import { type End, isServerErrorStatus } from './verdict.js';

type Noticed = Pick<GuardParts, 'verdicts' | 'rules' | 'profile' | 'engine' | 'hasOwnRule'>;

/** A malformed request or an outage is not a verdict. */
const NO_VERDICT = (value: unknown) => value === 400 || isServerErrorStatus(value);

/** Called for an end before any guard was reached: mostly nothing was sent, but a strategy may judge there. */
export function noticeUnguarded(
  { verdicts, profile }: Pick<GuardParts, 'verdicts' | 'profile'>,
  { name, args }: End,
  req: LockoutRequest,
): void {
  if (name === 'success' && !profile.mayBypass) verdicts.seeBypass();
  if (name !== 'fail' && name !== 'error') return;
  if (!profile.countsFailures || args.some(NO_VERDICT)) return;
  if (hasFilledCredentials(req, profile.passwordsIn)) verdicts.seeSuspicion(req);
}

/** If a provider has judged, an error says nothing about a password. */
export function noticeVerdict(parts: Noticed, end: End, verdict: Verdict, attempt: Attempt): void {
  const { profile, hasOwnRule, verdicts } = parts;
  if (!profile.countsFailures && verdict === 'release') return;
  const { username } = attempt;
  const isNameMissing = username === undefined && missesName(parts, attempt);
  verdicts.see({ isError: end.name === 'error', verdict, hasOwnRule, username, isNameMissing });
}

/**
 * @param end - the end that caused the lock; undefined if a lock was already in place
 * @param username - the user who was tried
 */
export function noticeRefusal(
  { verdicts, hasOwnRule }: Noticed,
  end: End | undefined,
  { reason }: Refusal,
  username: string | undefined,
): void {
  if (!end || reason !== 'locked') return;
  verdicts.seeLock({ isError: end.name === 'error', hasOwnRule, username });
}

/** Whether the name is missing although the application supplies it, or folds one that was sent. */
function missesName({ rules, engine }: Noticed, { spelling }: Attempt): boolean {
  if (rules.ipOnly) return false;
  return (rules.username !== undefined || Boolean(spelling)) && engine.options.dimensions.countNames();
}
