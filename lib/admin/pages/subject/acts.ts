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
export async function actsOn(lockout: Lockout, subject: SubjectRef): Promise<readonly ActivityRecord[]> {
  const { key } = subject;
  try {
    const [own, all] = await Promise.all([
      lockout.activity({ key, limit: NEWEST }),
      lockout.activity({ limit: NEWEST }),
    ]);
    const meets = (act: ActivityRecord) => act.key === null && isAbout(act, subject);
    const acts = new Map([...own.items, ...all.items.filter(meets)].map((act) => [act.id, act]));
    return [...acts.values()].filter(({ action }) => action in WORDS).sort((a, b) => b.at.getTime() - a.at.getTime());
  } catch (error) {
    if (error instanceof LockoutConfigError) return [];
    throw error;
  }
}

/** Whether an act on several subjects may have met this one. */
function isAbout({ action, dimension, parts: given }: ActivityRecord, subject: SubjectRef): boolean {
  // Without parts it was on everything; acts that name nobody afterwards are on nothing.
  if (Object.keys(given).length === 0 && action !== 'reset' && action !== 'unblock') return false;
  if (dimension !== null && dimension !== subject.dimension) return false;
  return Object.entries(given).every(([name, value]) => subject.parts[name] === value);
}

export function toLineAct({ at, action, key, by, reason, counts }: ActivityRecord): LineAct {
  const word = action === 'unblock' && key === null ? 'unblocked many' : (WORDS[action] ?? action);
  // An unblock of what was not locked.
  const act = action === 'unblock' && key !== null && counts?.unblocked === 0 ? 'forgot the failures' : word;
  return { at: at.getTime(), act: counts === null ? `${act} (not finished)` : act, actor: by, reason };
}
