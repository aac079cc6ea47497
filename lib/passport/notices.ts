/** What the ends of a strategy show of it, for the watch over verdicts that nobody counts. */
import type { Refusal } from '../attempt/refusal.js';
import type { Verdict } from '../policy/state.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import type { GuardParts } from './guard-parts.js';
import { hasFilledCredentials } from './profile/sent-credentials.js';
import { type End, isServerErrorStatus } from './verdict.js';

type Noticed = Pick<GuardParts, 'verdicts' | 'rules' | 'profile' | 'engine' | 'hasOwnRule'>;

/** A request that is malformed, or an outage, is no verdict. */
const NO_VERDICT = (value: unknown) => value === 400 || isServerErrorStatus(value);

/** Before a guard has stood anywhere: mostly nothing was sent, but a strategy may judge there. */
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

/** Where a provider has judged, an error says nothing of a password. */
export function noticeVerdict(parts: Noticed, end: End, verdict: Verdict, attempt: Attempt): void {
  const { profile, hasOwnRule, verdicts } = parts;
  if (!profile.countsFailures && verdict === 'release') return;
  const { username } = attempt;
  const isNameMissing = username === undefined && missesName(parts, attempt);
  verdicts.see({ isError: end.name === 'error', verdict, hasOwnRule, username, isNameMissing });
}

/**
 * @param end - what has locked; undefined where a lock held already
 * @param username - who was tried
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

/** Where the application says who tries, or folds a name that there was, and nothing comes of it. */
function missesName({ rules, engine }: Noticed, { spelling }: Attempt): boolean {
  if (rules.ipOnly) return false;
  return (rules.username !== undefined || Boolean(spelling)) && engine.options.dimensions.countNames();
}
