/** What a dry run says. */
import { escapeUnsafe } from '../util/printable.js';

/**
 * Such as `Dry run: 2 subjects to reset, 1 of them locked (ip=203.0.113.9, username=alice). Nothing was changed.`
 *
 * @param what - empty where there is nothing to do
 * @param keys - the first of the subjects that are meant
 * @param count - how many of them there are
 */
export function dryRunText(what: string, keys: readonly string[] = [], count: number = keys.length): string {
  if (what === '') return 'Dry run: nothing to do.';
  const more = count > keys.length ? `, and ${count - keys.length} more` : '';
  const names = keys.length === 0 ? '' : ` (${keys.map(escapeUnsafe).join(', ')}${more})`;
  return `Dry run: ${what}${names}. Nothing was changed.`;
}
