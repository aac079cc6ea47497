/** What the ends of a strategy show of it, for the watch over verdicts that nobody counts. */
import type { Refusal } from '../attempt/refusal.js';
import type { Ending } from '../checks/runtime/verdict-watch.js';
import type { Verdict } from '../policy/state.js';
import type { LockoutRequest } from '../subject/attempt.js';
import type { GuardParts } from './guard-parts.js';
import { hasFilledCredentials } from './profile/sent-fields.js';
import type { End } from './verdict.js';

type Noticed = Pick<GuardParts, 'verdicts' | 'rules' | 'profile'>;

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

/** Where a provider has judged, an error says nothing of a password. */
export function noticeVerdict(parts: Noticed, end: End, verdict: Verdict): void {
  if (parts.profile.countsFailures || verdict !== 'release') parts.verdicts.see(endingOf(parts, end, verdict));
}

/** @param end - what has locked; undefined where a lock held already */
export function noticeRefusal(parts: Noticed, end: End | undefined, { reason }: Refusal): void {
  if (end && reason === 'locked') parts.verdicts.seeLock(endingOf(parts, end, 'failure'));
}

function endingOf({ rules, profile }: Noticed, { name }: End, verdict: Verdict): Ending {
  const hasOwnRule = rules.isFailure !== undefined || profile.isWrong !== undefined;
  return { isError: name === 'error', verdict, hasOwnRule };
}
