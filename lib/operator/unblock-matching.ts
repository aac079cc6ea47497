/** Lifts all locks of a kind, as one act. */
import type { Engine } from '../engine.js';
import type { SubjectRecord } from '../policy/replies.js';
import { type LongRunningOptions, reportProgress } from '../validation/long-running.js';
import { validateOptions } from '../validation/validate.js';
import { toLiftedLocks } from './activity.js';
import { ask, onEachRecord } from './each-record.js';
import { queriedParts, storedMatches } from './find-subject.js';
import { FreedSubjects } from './freed-subjects.js';
import { actorSchema } from './schemas.js';
import type { ActorOptions, ListQuery } from './types.js';

export interface UnblockMatchingQuery
  extends Pick<ListQuery, 'dimension' | 'username' | 'ip'>,
    ActorOptions,
    LongRunningOptions {
  /** Whether to lift the locks that operators set, too. */
  readonly withOperators: boolean;
}

/**
 * Unblocks everything that a list of locked subjects with the same filter shows. `unblocked` is emitted for each. Subjects that are
 * locked meanwhile may be among them.
 *
 * @param query - `onProgress` is called with the number of freed subjects after each of them
 * @returns how many were freed, even if `signal` stopped it
 * @throws {LockoutConfigError} for a wrong name or address
 * @throws {LockoutStoreError} if the store fails; what was freed until then stays free
 */
export async function unblockMatching(engine: Engine, query: UnblockMatchingQuery): Promise<number> {
  const { options, report, activity } = engine;
  const { by = null, reason = null } = validateOptions(actorSchema, { by: query.by, reason: query.reason }, 'query');
  const { dimension, username, ip, withOperators, signal } = query;
  const named = queriedParts(options, { ip, username });
  const matches = Object.keys(named).length === 0 ? [undefined] : storedMatches(options, named, 'all');
  const parts = options.keys.toStoredParts(named);
  const act = await activity.begin({ action: 'unblock', by, reason, dimension: dimension ?? null, parts });
  const freed = new FreedSubjects(options.keys, named, (record) => report.onUnblocked(record, by, reason));
  const free = async ({ key, lock }: SubjectRecord) => {
    if (!withOperators && lock?.cause === 'operator') return false;
    const before = await ask(engine, 'reset', (store) => store.reset(key));
    if (!before) return false;
    engine.forgetLock(key);
    freed.add(before);
    await reportProgress(query, freed.size);
    return true;
  };
  for (const madeOf of matches) {
    await onEachRecord(engine, { dimension, lockedOnly: true, order: 'lockedUntil', madeOf }, free, { signal });
  }
  await act.end({ unblocked: freed.size }, toLiftedLocks(freed.only));
  return freed.size;
}
