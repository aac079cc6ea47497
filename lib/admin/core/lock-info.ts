/** Plain data of a subject and its lock, out of a status. */
import { ENGINE, type Lockout } from '../../lockout.js';
import { attemptOf } from '../../operator/find-subject.js';
import type { SubjectStatus } from '../../operator/types.js';
import { asked } from '../../util/asked.js';
import type { LockInfo, SubjectRef } from '../view/subject-ref.js';

export function toSubjectRef({ key, dimension, parts }: SubjectStatus): SubjectRef {
  return { key, dimension, parts };
}

export function toLockInfo(lockout: Lockout, status: SubjectStatus): LockInfo {
  const { cause, tier, limit, reason, by, lockedUntil } = status;
  return { cause, tier, tiers: tiersOf(lockout, status), limit, reason, by, until: lockedUntil?.getTime() ?? null };
}

/** Null if the dimension is not counted any more, and if the application's function `tiers` fails for it. */
function tiersOf(lockout: Lockout, { dimension, parts }: SubjectStatus): number | null {
  const { options } = lockout[ENGINE];
  const known = options.dimensions.named(dimension);
  if (!known) return null;
  return asked(() => options.policyFor(known, attemptOf(parts)).tiers.length) ?? null;
}
