/** The error for a cursor of something else than this list. */
import type { LockoutConfigError } from '../errors.js';
import { describeKind } from './describe-value.js';
import { invalidOption } from './invalid-option.js';

/** Completes the sentence "expected ..., got ...". */
export const CURSOR_EXPECTED = 'the cursor of the previous page, under the same order';

/** The cursor is not repeated: a name may be in it. */
export function wrongCursor(cursor: unknown, cause?: unknown): LockoutConfigError {
  return invalidOption('query.cursor', CURSOR_EXPECTED, describeKind(cursor), { cause });
}
