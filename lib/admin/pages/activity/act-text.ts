/** What an operator did, in words. */
import type { ActivityAction, ActivityCounts } from '../../../stores/activity-log.js';
import { countOf, spanText } from '../../view/words.js';

interface Wording {
  /** To choose by. */
  readonly name: string;
  /** Once it has ended. */
  readonly done: (count: (what: string) => number) => string;
}

type Count = Parameters<Wording['done']>[0];

const WORDINGS: Readonly<Record<ActivityAction, Wording>> = {
  block: { name: 'Blocked', done: (count) => `Blocked${blockedFor(count)}` },
  unblock: {
    name: 'Unblocked',
    done: (count) => (count('unblocked') > 0 ? 'Unblocked' : 'Unblocked, but it was not locked any more'),
  },
  reset: { name: 'Forgot failures', done: (count) => `Forgot ${failuresText(count)}` },
  undo: {
    name: 'Took back an unblock',
    done: (count) =>
      count('locked') > 0 ? 'Took back: locked again' : 'Took nothing back: locked anew, or the lock would have ended',
  },
  erase: {
    name: 'Erased data of a user',
    done: (count) =>
      `Erased the data of a user: ${countOf(count('subjects'), 'subject')} and ${countOf(count('attempts'), 'attempt')}`,
  },
  removeAttempts: { name: 'Removed attempts', done: (count) => `Removed ${countOf(count('removed'), 'attempt')}` },
  revokeDevices: { name: 'Revoked devices', done: () => 'Revoked the known devices of a user' },
  passwordChanged: {
    name: 'Password changed',
    done: (count) => `The password changed: revoked the known devices, forgot ${failuresText(count)}`,
  },
  redeemUnlockToken: { name: 'Used an unlock link', done: () => 'Unblocked by an unlock link' },
  look: { name: 'Looked at the pages', done: () => 'Looked at the pages' },
  export: {
    name: 'Exported',
    done: (count) =>
      `Exported ${count('acts') > 0 ? countOf(count('acts'), 'act') : countOf(count('attempts'), 'attempt')}`,
  },
};

/** Of a later version, the action itself. */
export function actionName(action: ActivityAction): string {
  return wordingOf(action)?.name ?? action;
}

/** @param counts - null if it is not known to have ended */
export function actText(action: ActivityAction, counts: ActivityCounts | null): string {
  return (counts && wordingOf(action)?.done((what) => counts[what] ?? 0)) ?? actionName(action);
}

function wordingOf(action: ActivityAction): Wording | undefined {
  return Object.hasOwn(WORDINGS, action) ? WORDINGS[action] : undefined;
}

/** Empty for an act that did not record it. */
function blockedFor(count: Count): string {
  if (count('untilReset') > 0) return ' until reset';
  return count('seconds') > 0 ? ` for ${spanText(count('seconds') * 1000)}` : '';
}

function failuresText(count: Count): string {
  const freed = count('unblocked');
  return `the failures of ${countOf(count('reset'), 'subject')}${freed > 0 ? `, of which ${freed} ${freed === 1 ? 'was' : 'were'} locked` : ''}`;
}
