/** Plain data about subjects and their locks, as pages receive it: it survives JSON, so that it can be sent live. */
import type { LockCause } from '../../policy/state.js';
import type { SubjectParts } from '../../subject/key.js';

/** Which subject it is. Names are as the management API shows them: unsafe characters are escaped already. */
export interface SubjectRef {
  readonly key: string;
  /** `ip`, `username`, `ip+username`, ... */
  readonly dimension: string;
  readonly parts: SubjectParts;
}

/** Why and until when a subject is locked. */
export interface LockInfo {
  /** Null for a lock of version 0.1.0, which did not record it. */
  readonly cause: LockCause | null;
  /** Index of the tier that locked; null when no tier did. */
  readonly tier: number | null;
  /** How many tiers the ladder has; null if unknown. */
  readonly tiers: number | null;
  /** The threshold that locked; null for an operator's lock. */
  readonly limit: number | null;
  readonly reason: string | null;
  readonly by: string | null;
  /** Epoch milliseconds; null until reset. */
  readonly until: number | null;
}
