/** Turns a stored record into the status that operators read. */
import { toDate, toLockFacts, toSubjectFacts } from '../events/payloads.js';
import { failuresUntilLock } from '../policy/ladder.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { Policy } from '../policy/state.js';
import type { Subject, SubjectParts } from '../subject/key.js';
import type { SingleStatus, SubjectStatus } from './types.js';

export function toStatus(record: SubjectRecord): SubjectStatus {
  const { lock } = record;
  return {
    ...toSubjectFacts(record),
    locked: lock !== null,
    failures: record.failures,
    places: record.places,
    takenBack: record.takenBack,
    consecutiveFailures: record.consecutiveFailures,
    verifying: record.verifying,
    ...toLockFacts(lock),
    cause: lock?.cause ?? null,
    tier: lock?.tier ?? null,
    limit: lock?.limit ?? null,
    reason: lock?.reason ?? null,
    by: lock ? record.by : null,
    firstFailureAt: toDate(record.firstFailureAt),
    lastFailureAt: toDate(record.lastFailureAt),
  };
}

/** Returns the status of a subject whose record may be missing. */
export function toSingleStatus(subject: Subject, record: SubjectRecord | null, policy: Policy): SingleStatus {
  const known = record ?? { ...EMPTY_RECORD, key: subject.key, dimension: subject.dimension, parts: subject.parts };
  const status = toStatus({ ...known, parts: subject.parts });
  const attemptsLeft = status.locked ? 0 : failuresUntilLock(status, policy);
  return { ...status, attemptsLeft };
}

const NO_PARTS: SubjectParts = {};
const EMPTY_RECORD: SubjectRecord = {
  key: '',
  dimension: '',
  parts: NO_PARTS,
  failures: 0,
  places: 0,
  takenBack: 0,
  consecutiveFailures: 0,
  verifying: 0,
  lock: null,
  by: null,
  lockedBy: null,
  devicesSince: 0,
  firstFailureAt: null,
  lastFailureAt: null,
};
