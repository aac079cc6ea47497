/** What the list reads from the lockout. */
import { LockoutConfigError } from '../../../errors.js';
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { SubjectStatus } from '../../../operator/types.js';
import type { LockedCount } from '../../../stores/store.js';
import { toLockInfo, toSubjectRef } from '../../core/lock-info.js';
import type { LockInfo, SubjectRef } from '../../view/subject-ref.js';
import type { BlockedQuery } from './query.js';

export interface BlockedRow extends LockInfo {
  readonly subject: SubjectRef;
  readonly failures: number;
  /** Epoch milliseconds; null if it never failed. */
  readonly lastFailureAt: number | null;
}

interface DimensionTab {
  /** Undefined for all dimensions. */
  readonly dimension: string | undefined;
  readonly locked: LockedCount;
}

export interface BlockedData {
  readonly rows: readonly BlockedRow[];
  /** Where the next page begins; null after the last. */
  readonly cursor: string | null;
  readonly tabs: readonly DimensionTab[];
  /** Why nothing was read: a name or an address that is not one; undefined if all is well. */
  readonly mistake: string | undefined;
}

/** As many as one looks through, and as one form unblocks. */
const PAGE_ROWS = 50;

/** @throws {LockoutStoreError} if the store fails */
export async function readBlocked(lockout: Lockout, query: BlockedQuery): Promise<BlockedData> {
  const tabs = await readTabs(lockout);
  try {
    const { items, cursor } = await lockout.list({ ...query, limit: PAGE_ROWS });
    return { rows: items.map((status) => toRow(lockout, status)), cursor, tabs, mistake: undefined };
  } catch (error) {
    if (!(error instanceof LockoutConfigError)) throw error;
    return { rows: [], cursor: null, tabs, mistake: error.message };
  }
}

async function readTabs(lockout: Lockout): Promise<readonly DimensionTab[]> {
  const counted = lockout[ENGINE].options.dimensions.known().map(({ name }) => name);
  // One dimension is all of them.
  const dimensions = counted.length > 1 ? [undefined, ...counted] : [undefined];
  return Promise.all(
    dimensions.map(async (dimension) => ({ dimension, locked: await lockout.countLocked({ dimension }) })),
  );
}

function toRow(lockout: Lockout, status: SubjectStatus): BlockedRow {
  return {
    subject: toSubjectRef(status),
    failures: status.failures,
    lastFailureAt: status.lastFailureAt?.getTime() ?? null,
    ...toLockInfo(lockout, status),
  };
}
