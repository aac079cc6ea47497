/** What a strategy says before a guard has stood anywhere: mostly that nothing was sent, but it may judge there. */
import type { LockoutRequest } from '../subject/attempt.js';
import type { GuardParts } from './guard-parts.js';
import { hasFilledCredentials } from './profile/sent-fields.js';
import type { End } from './verdict.js';

/** A request that is malformed, or an outage, is no verdict. */
const NO_VERDICT = (value: unknown) => value === 400 || (typeof value === 'number' && value >= 500);

export function noticeUnguarded(
  { verdicts, profile }: Pick<GuardParts, 'verdicts' | 'profile'>,
  { name, args }: End,
  req: LockoutRequest,
): void {
  if (name === 'success' && !profile.mayBypass) verdicts.seeBypass();
  if (name !== 'fail' && name !== 'error') return;
  if (!profile.countsFailures || verdicts.isKnownToJudge || args.some(NO_VERDICT)) return;
  if (hasFilledCredentials(req)) verdicts.seeSuspicion(req);
}
