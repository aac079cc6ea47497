/** What a planted fault is. */
import type { AttemptLog } from '../../../lib/stores/attempt-log.js';
import type { LockoutStore, SlotVerdict } from '../../../lib/stores/store.js';
import type { Rule } from '../check/violation.js';

export interface Plant {
  readonly what: string;
  /** Any of these shows that it was found. */
  readonly finds: readonly Rule[];
  /** Every how many times it strikes. */
  readonly every: number;
  readonly into: (store: AllAtOnce, strikes: () => boolean) => Partial<LockoutStore>;
}

export type Plants = Readonly<Record<string, Plant>>;

/** What the stores of this package have. */
type AllAtOnce = LockoutStore &
  Required<Pick<LockoutStore, 'reserveAll' | 'settleAll'>> & { readonly attemptLog: AttemptLog };

export const isFailure = ({ verdict }: SlotVerdict) => verdict === 'failure';
export const isSuccess = ({ verdict }: SlotVerdict) => verdict === 'success';
