/** What the checker has found. */

export type Rule =
  /** A guess was verified under a lock. */
  | 'crossed'
  /** A tier was reached, and nothing was locked. */
  | 'late'
  /** A lock that no failures had reached. */
  | 'early'
  /** More than one event of a lock. */
  | 'twice'
  /** A failure that was counted is gone. */
  | 'lost'
  /** A failure was counted that nobody made. */
  | 'invented'
  /** A verdict was told that was not counted before, on every subject. */
  | 'uncounted'
  /** A lock ends earlier or later than it must. */
  | 'end'
  /** An operator's block without an event. */
  | 'silent'
  /** Somebody was refused, and nothing was in the way. */
  | 'refused'
  /** A known device was kept out by what strangers did. */
  | 'shut-out'
  /** The answer contradicts the password. */
  | 'answer'
  /** A slot was never given back. */
  | 'slot'
  /** An entry of the attempt log that no attempt made, or that is there twice, or missing. */
  | 'log'
  /** The heap grows. */
  | 'heap'
  /** No order of the operations was found, and not all were tried. */
  | 'undecided';

export interface Violation {
  readonly rule: Rule;
  /** The subject, the attempt or the process. */
  readonly of: string;
  readonly message: string;
}
