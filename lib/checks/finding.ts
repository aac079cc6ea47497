import type { LockoutWarningCode } from '../errors.js';

/** Something in the configuration or the environment that an operator should look at. */
export interface Finding {
  /** Stable; each is explained in docs/checks.md. */
  readonly code: LockoutWarningCode;
  /** What is wrong and how to fix it, on one line and safe to log. */
  readonly message: string;
  /** The option it is about, where there is one. */
  readonly option?: string;
  /** Where the code is explained: a file of this package and a heading in it. */
  readonly help: string;
}

/** A finding as a check returns it, before `help` is added. */
export type Found = Omit<Finding, 'help'>;
