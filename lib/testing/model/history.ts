/** A history: what happens to a few subjects, step by step. */
import type { Marks, Policy, Verdict } from '../../policy/state.js';

/** Names of the subjects, in the order of `subjectsOf`. */
export type Who = 0 | 1 | 2 | 3;

export type Step = { readonly afterMs: number } & (
  | { readonly do: 'reserve'; readonly who: Who; readonly id: number | null; readonly rowOnly: boolean }
  | {
      readonly do: 'settle';
      readonly lease: number;
      readonly verdict: Verdict;
      readonly marks: Marks;
      readonly rowOnly: boolean;
    }
  | {
      readonly do: 'reserve all';
      readonly whose: readonly Who[];
      readonly ids: readonly (number | null)[];
      readonly rowOnly: boolean;
    }
  | {
      readonly do: 'settle all';
      /** Of so many subjects, one lease of each. */
      readonly count: number;
      /** 0 for the youngest, or how many younger ones there may be. */
      readonly age: number;
      /** Whether it may have been settled before. */
      readonly again: boolean;
      readonly verdict: Verdict;
      readonly marks: Marks;
      /** Whether all but the first, instead of having a guess, follow that of the first. */
      readonly follows: boolean;
      readonly rowOnly: boolean;
    }
  | {
      readonly do: 'settle unknown';
      readonly who: Who;
      readonly leftMs: number;
      readonly verdict: Verdict;
      readonly marks: Marks;
      readonly rowOnly: boolean;
    }
  | {
      readonly do: 'block';
      readonly who: Who;
      readonly forMs: number;
      readonly forgetAfterMs: number;
      readonly by: string | null;
    }
  | {
      readonly do: 'restore';
      readonly who: Who;
      readonly failures: number;
      /** How long the lock would last from now. */
      readonly leftMs: number;
      readonly forgetAfterMs: number;
      readonly by: string | null;
    }
  | { readonly do: 'reset'; readonly who: Who }
  | { readonly do: 'erase'; readonly who: Who }
  | { readonly do: 'revokeDevices'; readonly who: Who; readonly forMs: number }
  | { readonly do: 'resetLockedBy'; readonly lease: number }
);

export interface History {
  /** One per subject. */
  readonly policies: readonly Policy[];
  readonly steps: readonly Step[];
}
