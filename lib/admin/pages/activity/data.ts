/** What the page reads from the lockout. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { ActivityRecord } from '../../../operator/activity.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import { subjectOf } from '../attempts/subjects.js';
import { type ActivityPageQuery, toStoreQuery } from './filter.js';

export interface ActRow {
  readonly act: ActivityRecord;
  /** Undefined for an act on several subjects or none. */
  readonly subject: SubjectRef | undefined;
  /** The act that it took back, if it is on the same page. */
  readonly tookBack: ActivityRecord | undefined;
  /** The act that took it back, if it is on the same page. */
  readonly takenBackBy: ActivityRecord | undefined;
}

export interface ActivityData {
  readonly rows: readonly ActRow[];
  /** Where the next page begins; null after the last. */
  readonly cursor: string | null;
  /** Whether the store keeps an activity log. */
  readonly isKept: boolean;
}

/** As many as one looks through. */
const PAGE_ROWS = 50;

/** @throws {LockoutStoreError} if the store fails */
export async function readActivity(
  lockout: Lockout,
  { filter, mistakes, cursor }: ActivityPageQuery,
): Promise<ActivityData> {
  const isKept = lockout[ENGINE].options.store.activityLog !== undefined;
  if (!isKept || Object.keys(mistakes).length > 0) return { rows: [], cursor: null, isKept };
  const page = await lockout.activity({ ...toStoreQuery(filter), cursor, limit: PAGE_ROWS });
  return { rows: toRows(lockout, page.items), cursor: page.cursor, isKept };
}

function toRows(lockout: Lockout, acts: readonly ActivityRecord[]): readonly ActRow[] {
  const byId = new Map(acts.map((act) => [act.id, act]));
  // One that locked nothing took nothing back.
  const undos = acts.filter(({ undoOf, counts }) => undoOf !== null && (counts?.['locked'] ?? 0) > 0);
  const byUndone = new Map(undos.map((act) => [act.undoOf, act]));
  return acts.map((act) => ({
    act,
    subject: subjectOfAct(lockout, act),
    tookBack: act.undoOf === null ? undefined : byId.get(act.undoOf),
    takenBackBy: byUndone.get(act.id),
  }));
}

/** An act on everything that is made of a name or an address leads to the subject of just that. */
function subjectOfAct(lockout: Lockout, { key, dimension, parts }: ActivityRecord): SubjectRef | undefined {
  if (key !== null) return { key, dimension: dimension ?? Object.keys(parts).join('+'), parts };
  const { ip = null, username = null } = parts;
  return subjectOf(lockout[ENGINE].options, Object.keys(parts).sort().join('+'), { ip, username });
}
