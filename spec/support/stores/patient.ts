import type { LockoutOptions } from '../../../lib/index.js';

/** For a lockout on a real server, where its slowness is not what the spec is about: a busy machine has no time-outs. */
export const PATIENT: LockoutOptions = { storeTimeout: { minutes: 1 } };
