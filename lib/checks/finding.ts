import type { LockoutWarningCode } from '../errors.js';

/** Something in the configuration or the environment that an operator should look at. */
export interface Finding {
  readonly code: LockoutWarningCode;
  readonly message: string;
  /** The option it is about, where there is one. */
  readonly option?: string;
  /** Where the code is explained: a file of this package and a heading in it. */
  readonly help: string;
}

/** A finding as a check returns it, before `help` is added. */
export type Found = Omit<Finding, 'help'>;
