/** Which act can be taken back from a page that shows its result. */
import { LockoutConfigError } from '../../errors.js';
import { noticeOf } from './notices.js';
import type { PageContext } from './types.js';

/**
 * Returns the id of the viewer's own last unblock of the subject that the notice is about, if it can be taken back. It is not read
 * from the address, where a link could name another act.
 *
 * @throws {LockoutStoreError} if the store fails
 */
export async function undoableAct({ lockout, query, viewer }: PageContext): Promise<string | undefined> {
  const notice = noticeOf(query);
  if (notice?.code !== 'unblocked' || notice.key === null || !viewer.can('unblock')) return undefined;
  try {
    const acts = await lockout.activity({ by: viewer.actor, action: 'unblock', key: notice.key, limit: 1 });
    return acts.items.find(({ undoable }) => undoable)?.id;
  } catch (error) {
    // A store of the application that keeps no activity.
    if (error instanceof LockoutConfigError) return undefined;
    throw error;
  }
}
