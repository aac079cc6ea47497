import type { StoreInspection } from '../stores/store.js';
import type { Found } from './finding.js';

/** Above this, dates shown to operators are off, and `block({ until })` ends at a different time than intended. */
const MAX_SKEW_MS = 1_000;

/** Returns the findings in what a store reports about itself. */
export function checkStore({ clockSkewMs, missingIndexes, server, troubles = [] }: StoreInspection): readonly Found[] {
  const findings: Found[] = troubles.map(({ code, message }) => ({ code, message, option: 'store' }));
  if (missingIndexes.length > 0) {
    const message = `the store (${server}) lacks indexes: ${missingIndexes.join(', ')}; without them it reads whole collections, or keeps expired documents`;
    findings.push({ code: 'WARN_LOCKOUT_INDEX_MISSING', message, option: 'store' });
  }
  if (Math.abs(clockSkewMs) > MAX_SKEW_MS) {
    const seconds = (Math.abs(clockSkewMs) / 1_000).toFixed(1);
    const message = `the clock of the store (${server}) is ${seconds} s ${clockSkewMs > 0 ? 'ahead of' : 'behind'} that of this process`;
    findings.push({ code: 'WARN_LOCKOUT_CLOCK_SKEW', message, option: 'store' });
  }
  return findings;
}
