import type { LockoutWarningCode } from '../errors.js';

/** Something in the configuration or the surroundings that an operator should look at. */
export interface Finding {
  readonly code: LockoutWarningCode;
  readonly message: string;
  /** The option it is about, where there is one. */
  readonly option?: string;
  /** Where the code is explained: a file of this package, and the heading in it. */
  readonly help: string;
}

/** As whoever finds it puts it. */
export type Found = Omit<Finding, 'help'>;
