/** The option for a dry run, and its result in words. */
import { escapeUnsafe } from '../util/printable.js';

/** `--dry-run` of a command. */
export interface DryRunOption {
  readonly dryRun?: boolean;
}

/**
 * Returns a text such as `Dry run: 2 subjects to reset, 1 of them locked (ip=203.0.113.9, username=alice). Nothing was changed.`
 *
 * @param what - what would be done; empty for nothing
 * @param keys - keys of the first subjects concerned
 * @param count - how many subjects are concerned
 */
export function dryRunText(what: string, keys: readonly string[] = [], count: number = keys.length): string {
  if (what === '') return 'Dry run: nothing to do.';
  const more = count > keys.length ? `, and ${count - keys.length} more` : '';
  const names = keys.length === 0 ? '' : ` (${keys.map(escapeUnsafe).join(', ')}${more})`;
  return `Dry run: ${what}${names}. Nothing was changed.`;
}
