/** What the ends of a strategy show of it, for the watch over verdicts that nobody counts. */
import type { Refusal } from '../attempt/refusal.js';
import type { Ending } from '../checks/runtime/verdict-watch.js';
import type { Verdict } from '../policy/state.js';
import type { LockoutRequest } from '../subject/attempt.js';
import type { GuardParts } from './guard-parts.js';
import { hasFilledCredentials } from './profile/sent-fields.js';
import type { End } from './verdict.js';

/** A request that is malformed, or an outage, is no verdict. */
const NO_VERDICT = (value: unknown) => value === 400 || (typeof value === 'number' && value >= 500);

/** Before a guard has stood anywhere: mostly nothing was sent, but a strategy may judge there. */
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

export function noticeVerdict(parts: Pick<GuardParts, 'verdicts' | 'rules'>, end: End, verdict: Verdict): void {
  parts.verdicts.see(endingOf(parts, end, verdict));
}

/** @param end - what has locked; undefined where a lock held already */
export function noticeRefusal(
  parts: Pick<GuardParts, 'verdicts' | 'rules'>,
  end: End | undefined,
  { reason }: Refusal,
): void {
  if (end && reason === 'locked') parts.verdicts.seeLock(endingOf(parts, end, 'failure'));
}

function endingOf({ rules }: Pick<GuardParts, 'rules'>, { name }: End, verdict: Verdict): Ending {
  return { isError: name === 'error', verdict, hasOwnRule: rules.isFailure !== undefined };
}
