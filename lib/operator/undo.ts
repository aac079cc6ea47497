/** Takes back an act that lifted a lock. */
import type { Engine } from '../engine.js';
import type { Restoration } from '../policy/manage.js';
import type { LockReport } from '../policy/replies.js';
import type { Policy } from '../policy/state.js';
import type { LiftedLock } from '../stores/activity-log.js';
import type { LockoutStore } from '../stores/store.js';
import type { Subject } from '../subject/key.js';
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
  const [first, ...others] = entry?.lifted ?? [];
  if (!first || entry?.undone) return false;
  const { key, dimension, parts } = first;
  const counted = options.dimensions.named(dimension);
  // Nobody would be refused by it any more.
  if (!counted || !options.keys.mayHaveStored(parts)) return false;
  const policy = options.policyFor(counted, attemptOf(parts));
  const act = await activity.begin({ action: 'undo', by, reason, key, dimension, parts, undoOf: id });
  const restored: Restored[] = [];
  for (const lifted of [first, ...others]) restored.push(...(await restore(engine, lifted, policy)));
  const [one] = restored;
  if (one) await activity.markUndone(id);
  await act.end({ locked: one ? 1 : 0 });
  if (!one) return false;
  report.onRestored(one.subject, one.lock, by);
  return true;
}

interface Restored {
  readonly subject: Subject;
  readonly lock: LockReport;
}

/** Sets the lock of one record again; returns nothing if the record is locked, or the lock would have ended. */
async function restore(engine: Engine, lifted: LiftedLock, policy: Policy): Promise<readonly Restored[]> {
  const { key, dimension, parts } = lifted;
  const subject = { key, dimension, parts, storedParts: parts };
  const restoration = toRestoration(lifted, policy);
  const call = async (store: LockoutStore) => (await store.restore?.(subject, restoration)) ?? null;
  const record = await ask(engine, 'restore', call);
  if (!record?.lock) return [];
  engine.forgetLock(key);
  return [{ subject, lock: record.lock }];
}

function toRestoration(lifted: LiftedLock, { forgetFrom, forgetAfterMs }: Policy): Restoration {
  const { key: _, dimension: __, parts: ___, ...lock } = lifted;
  const lockedUntil = lock.lockedUntil ?? Number.POSITIVE_INFINITY;
  const from = forgetFrom === 'first' ? (lock.firstFailureAt ?? lockedUntil) : lockedUntil;
  return { ...lock, lockedUntil, forgetAt: from + forgetAfterMs };
}
