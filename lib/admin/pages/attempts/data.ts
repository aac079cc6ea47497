/** What the page reads from the lockout. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { type LogState, logStateOf } from '../../core/log-state.js';
import { unlessStoreFails } from '../../core/store-failure.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import { type Group, groupEntries } from './groups.js';
import type { AttemptsPageQuery } from './query.js';
import { MAX_LOOKED_AT, type Scan, scan } from './scan.js';
import { subjectOf } from './subjects.js';

export interface AttemptRow {
  readonly entry: AttemptRecord;
  /** Undefined where such a dimension is not counted, or the attempt has no name. */
  readonly username: SubjectRef | undefined;
  readonly address: SubjectRef | undefined;
  /** The subject that refused, or that this failure locked. */
  readonly met: SubjectRef | undefined;
}

export interface GroupRow extends Group {
  readonly subject: SubjectRef | undefined;
}

export interface AttemptsData {
  /** Of what was read; undefined if nothing was asked for, or the log did not answer. */
  readonly scan: Scan | undefined;
  readonly rows: readonly AttemptRow[];
  readonly groups: readonly GroupRow[];
  /** How many groups there are besides. */
  readonly groupsLeftOut: number;
  /** `unanswered` if the log failed just now. */
  readonly log: LogState | 'unanswered';
  /** What can be chosen. */
  readonly dimensions: readonly string[];
}

/** As many as one looks through. */
const PAGE_ROWS = 50;
const PAGE_GROUPS = 100;

/** A log that fails is told in `log`, so that a filter can be changed which it takes too long to answer. */
export async function readAttempts(lockout: Lockout, query: AttemptsPageQuery): Promise<AttemptsData> {
  const { options } = lockout[ENGINE];
  const log = logStateOf(lockout);
  const dimensions = options.dimensions.known().map(({ name }) => name);
  const isRead = log !== 'none' && Object.keys(query.mistakes).length === 0;
  const { filter, group, cursor = null } = query;
  const rows = group ? MAX_LOOKED_AT : PAGE_ROWS;
  const read = isRead ? await unlessStoreFails(scan(lockout, filter, { cursor, rows })) : undefined;
  const entries = read?.entries ?? [];
  const groups = group ? groupEntries(entries, group) : [];
  return {
    scan: read,
    rows: group ? [] : entries.map((entry) => toRow(lockout, entry)),
    groups: groups.slice(0, PAGE_GROUPS).map((one) => ({
      ...one,
      subject: subjectOf(options, String(group), { ip: one.value, username: one.value }),
    })),
    groupsLeftOut: Math.max(0, groups.length - PAGE_GROUPS),
    log: isRead && !read ? 'unanswered' : log,
    dimensions,
  };
}

function toRow(lockout: Lockout, entry: AttemptRecord): AttemptRow {
  const { options } = lockout[ENGINE];
  return {
    entry,
    username: subjectOf(options, 'username', entry),
    address: subjectOf(options, 'ip', entry),
    met: entry.dimension === null ? undefined : subjectOf(options, entry.dimension, entry),
  };
}
