/** Why an attempt was refused, in words. */
import type { RefusalReason } from '../../../attempt/refusal.js';

const TEXTS: Readonly<Record<RefusalReason, string>> = {
  locked: 'locked',
  busy: 'too many at once',
  denied: 'on the deny list',
  store_error: 'the store failed',
  late: 'answered too late',
};

export const REASONS = Object.keys(TEXTS);

/** Of a later version, the reason itself. */
export function reasonText(reason: string): string {
  return Object.hasOwn(TEXTS, reason) ? TEXTS[reason as RefusalReason] : reason;
}
