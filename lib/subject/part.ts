/** One value of a subject, as it is shown. */
import { createHash } from 'node:crypto';
import { PLAIN, toPrintable } from '../util/printable.js';

/** The limit of names. */
const MAX_PART_CHARS = 4096;

/**
 * Returns a value as events, records and lists show it: safe to log, and different for different values. A header or a form field
 * may be as long as a client likes; such a string is replaced by its hash.
 */
export function toPart(value: string): string {
  if (value.length <= MAX_PART_CHARS) {
    const printable = PLAIN.test(value) ? value : toPrintable(value);
    if (printable.length <= MAX_PART_CHARS) return printable;
  }
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
