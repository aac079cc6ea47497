/** What is expected if a schema has no text of its own. */
import type * as z from 'zod/mini';

/**
 * Comes before what the application has set for all of zod with `z.config`, which may be a whole sentence in another language.
 *
 * @returns text that completes the sentence "expected ..., got ..."
 */
export function expectation(issue: z.core.$ZodRawIssue): string {
  return issue.code === 'invalid_type' ? `a value of the type ${issue.expected}` : 'another value';
}
