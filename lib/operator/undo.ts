/** Takes back an act that lifted a lock. */
import type { Engine } from '../engine.js';
import type { Restoration } from '../policy/manage.js';
import type { Policy } from '../policy/state.js';
import type { LiftedLock } from '../stores/activity-log.js';
import type { LockoutStore } from '../stores/store.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { activityLogOf } from './activity.js';
import { ask } from './each-record.js';
import { attemptOf } from './find-subject.js';
import { actorSchema } from './schemas.js';
import type { ActorOptions } from './types.js';

export async function undo(engine: Engine, id: string, actor: ActorOptions): Promise<boolean> {
  const { by = null, reason = null } = validateOptions(actorSchema, actor, 'options');
  if (typeof id !== 'string' || id === '') throw invalidOption('id', 'the id of an act', describeValue(id));
  const log = activityLogOf(engine, 'undo');
  const { options, activity, report } = engine;
  if (!options.store.restore) throw invalidOption('undo()', 'a store that can set a lock again', 'one that cannot');
  const entry = await ask(engine, 'activity', () => log.read(id));
  const lifted = entry?.lifted;
  if (!lifted || entry.undone) return false;
  const { key, dimension, parts } = lifted;
  const counted = options.dimensions.named(dimension);
  // Nobody would be refused by it any more.
  if (!counted) return false;
  const restoration = toRestoration(lifted, options.policyFor(counted, attemptOf(parts)));
  const subject = { key, dimension, parts, storedParts: parts };
  const act = await activity.begin({ action: 'undo', by, reason, key, dimension, parts, undoOf: id });
  const restore = async (store: LockoutStore) => (await store.restore?.(subject, restoration)) ?? null;
  const record = await ask(engine, 'restore', restore);
  if (record) await activity.markUndone(id);
  await act.end({ locked: record ? 1 : 0 });
  if (!record?.lock) return false;
  engine.forgetLock(key);
  report.onRestored(subject, record.lock, by);
  return true;
}

function toRestoration(lifted: LiftedLock, { forgetFrom, forgetAfterMs }: Policy): Restoration {
  const { key: _, dimension: __, parts: ___, ...lock } = lifted;
  const lockedUntil = lock.lockedUntil ?? Number.POSITIVE_INFINITY;
  const from = forgetFrom === 'first' ? (lock.firstFailureAt ?? lockedUntil) : lockedUntil;
  return { ...lock, lockedUntil, forgetAt: from + forgetAfterMs };
}
