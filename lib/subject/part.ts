/** One value of a subject, as it is told. */
import { createHash } from 'node:crypto';
import { PLAIN, toPrintable } from '../util/printable.js';

/** As long as a name may be. */
const MAX_PART_CHARS = 4096;

/**
 * A value as events, records and lists have it: safe to log, and of two values never the same. A header or a field of a form may
 * be as long as a client likes; such a text stands by its hash.
 */
export function toPart(value: string): string {
  if (value.length <= MAX_PART_CHARS) {
    const printable = PLAIN.test(value) ? value : toPrintable(value);
    if (printable.length <= MAX_PART_CHARS) return printable;
  }
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
