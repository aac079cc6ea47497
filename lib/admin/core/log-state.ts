/** Whether a lockout logs attempts. */
import { ENGINE, type Lockout } from '../../lockout.js';

/** `off` by the option; `none` if the store has no log. */
export type LogState = 'on' | 'off' | 'none';

export function logStateOf(lockout: Lockout): LogState {
  const { store, attemptLog } = lockout[ENGINE].options;
  if (!store.attemptLog) return 'none';
  return attemptLog === 'off' ? 'off' : 'on';
}
