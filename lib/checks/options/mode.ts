import type { ResolvedOptions } from '../../options/resolve.js';
import type { Found } from '../finding.js';
import type { Environment } from './environment.js';

/** Finds switches for tests and trials that were left on in production. */
export function checkMode({ enabled, enforces }: ResolvedOptions, { isProduction }: Environment): readonly Found[] {
  if (!isProduction) return [];
  if (!enabled) {
    const message = 'enabled is false in production: no login is counted or refused';
    return [{ code: 'WARN_LOCKOUT_DISABLED', message, option: 'enabled' }];
  }
  if (enforces) return [];
  const message = "mode is 'monitor' in production: failures are counted, but nobody is refused";
  return [{ code: 'WARN_LOCKOUT_MONITOR_MODE', message, option: 'mode' }];
}
