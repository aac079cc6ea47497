/** The filter of a request, with the options of its lockout. */
import { ENGINE } from '../../../lockout.js';
import type { PageContext } from '../../core/types.js';
import { type ParsedFilter, parseFilter } from './filter.js';

export function readFilter({ lockout, query }: PageContext): ParsedFilter {
  return parseFilter(query, lockout[ENGINE].options.ipv6Prefix);
}
