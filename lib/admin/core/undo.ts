/** Which act can be taken back from a page that shows its result. */
import { LockoutConfigError } from '../../errors.js';
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
  const [newest] = (await lockout.activity({ by: viewer.by, key, limit: 1 })).items;
  return newest?.action === 'block' ? { path: '/unblock', fields: { key, reason: 'Undo of the block' } } : undefined;
}
