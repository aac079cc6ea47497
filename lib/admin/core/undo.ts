/** Which act can be taken back from a page that shows its result. */
import { LockoutConfigError } from '../../errors.js';
import { ENGINE, type Lockout } from '../../lockout.js';
import type { ActivityRecord } from '../../operator/activity.js';
import { ask } from '../../operator/each-record.js';
import { noticeOf } from './notices.js';
import type { PageContext } from './types.js';

/** A form that takes an act back, without the page to return to. */
export interface UndoForm {
  readonly path: `/${string}`;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Returns what takes back the viewer's own last act on the subject that the notice is about, if anything does. The act is not read
 * from the address, where a link could name another one.
 *
 * @throws {LockoutStoreError} if the store fails
 */
export async function undoFormOf(context: PageContext): Promise<UndoForm | undefined> {
  const { viewer } = context;
  const notice = noticeOf(context);
  if (!notice || notice.key === null || !viewer.can('unblock')) return undefined;
  try {
    if (notice.code === 'unblocked') return await undoOfUnblock(context, notice.key);
    return notice.code === 'blocked' ? await undoOfBlock(context, notice.key) : undefined;
  } catch (error) {
    // A store of the application that keeps no activity.
    if (error instanceof LockoutConfigError) return undefined;
    throw error;
  }
}

async function undoOfUnblock({ lockout, viewer }: PageContext, key: string): Promise<UndoForm | undefined> {
  const acts = await lockout.activity({ by: viewer.by, action: 'unblock', key, limit: 1 });
  const act = acts.items.find(({ undoable }) => undoable);
  return act && { path: '/undo', fields: { id: act.id, key } };
}

/** A block of what was neither locked nor had failed: an unblock leaves it as it was. */
async function undoOfBlock({ lockout, viewer }: PageContext, key: string): Promise<UndoForm | undefined> {
  const newest = await newestOn(lockout, key);
  if (newest?.action !== 'block' || newest.by !== viewer.actor) return undefined;
  return { path: '/unblock', fields: { key, act: newest.id, reason: 'Undo of the block' } };
}

/** Whether the lock is still that of this act: a page may stay open while another operator blocks, or guesses lock anew. */
export async function isStillLockOf(lockout: Lockout, key: string, act: string): Promise<boolean> {
  const newest = await newestOn(lockout, key);
  if (newest?.id !== act) return false;
  const record = await ask(lockout[ENGINE], 'read', (store) => store.read(key));
  return record?.lock?.cause === 'operator';
}

async function newestOn(lockout: Lockout, key: string): Promise<ActivityRecord | undefined> {
  return (await lockout.activity({ key, limit: 1 })).items[0];
}
