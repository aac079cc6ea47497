/** What operators did to one subject. */
import { LockoutConfigError } from '../../../errors.js';
import type { Lockout } from '../../../lockout.js';
import type { ActivityRecord } from '../../../operator/activity.js';
import type { LineAct } from '../../charts/time-line.js';
import type { SubjectRef } from '../../view/subject-ref.js';

/** Of the subject itself, and of all subjects. */
const NEWEST = 100;

const WORDS: Readonly<Partial<Record<ActivityRecord['action'], string>>> = {
  block: 'blocked',
  unblock: 'unblocked',
  reset: 'reset',
  undo: 'took an unblock back',
  revokeDevices: 'revoked the known devices',
  passwordChanged: 'recorded a new password',
  redeemUnlockToken: 'unlocked by a link in a mail',
};

/**
 * Returns the newest acts on the subject, and those of the newest acts of all that met it together with others, newest first; none
 * if the store keeps no activity.
 *
 * @throws {LockoutStoreError} if the store fails
 */
export async function actsOn(lockout: Lockout, { key, parts }: SubjectRef): Promise<readonly ActivityRecord[]> {
  try {
    const [own, all] = await Promise.all([
      lockout.activity({ key, limit: NEWEST }),
      lockout.activity({ limit: NEWEST }),
    ]);
    const meets = ({ key: of, action, parts: given }: ActivityRecord) => {
      // A reset of nothing in particular is one of everything.
      if (of !== null || (Object.keys(given).length === 0 && action !== 'reset')) return false;
      return Object.entries(given).every(([name, value]) => parts[name] === value);
    };
    const acts = new Map([...own.items, ...all.items.filter(meets)].map((act) => [act.id, act]));
    return [...acts.values()].filter(({ action }) => action in WORDS).sort((a, b) => b.at.getTime() - a.at.getTime());
  } catch (error) {
    if (error instanceof LockoutConfigError) return [];
    throw error;
  }
}

export function toLineAct({ at, action, by, reason, counts }: ActivityRecord): LineAct {
  const word = WORDS[action] ?? action;
  // An unblock of what was not locked.
  const act = action === 'unblock' && counts?.unblocked === 0 ? 'forgot the failures' : word;
  return { at: at.getTime(), act: counts === null ? `${act} (not finished)` : act, actor: by, reason };
}
