/** Resolves the `sensitive` option: the names whose values logs must not show. */

import type { CountedDimensions } from '../subject/counted-dimensions.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';

/** Names that are accepted besides the counted parts. */
const ATTEMPT_PARTS = ['username', 'ip', 'userAgent', 'path'];

/** @throws {LockoutConfigError} for an unknown name: a mistyped one would mask nothing */
export function resolveSensitive(
  names: readonly string[] = [],
  { areDynamic, partNames }: CountedDimensions,
): ReadonlySet<string> {
  const known = [...new Set([...ATTEMPT_PARTS, ...partNames()])];
  const unknown = names.findIndex((name) => !known.includes(name));
  // What a `dimensions` function will count is not known yet.
  if (unknown < 0 || areDynamic) return new Set(names);
  throw invalidOption(`options.sensitive[${unknown}]`, `one of ${known.join(', ')}`, describeValue(names[unknown]));
}
