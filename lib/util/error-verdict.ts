/** What an HTTP status says of the credentials, and an error that bears one: many applications say "wrong" so. */
import { asked } from './asked.js';
import { fieldsOf, isOfUpstream } from './upstream-error.js';

/** RFC 9110, section 15.5: what the client sent is wrong, unknown or not allowed. */
const WRONG_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 422]);

/** Whether an answer with this status says that the credentials are wrong. */
export function isWrongStatus(status: unknown): boolean {
  return WRONG_STATUSES.has(status);
}

/**
 * Whether this error of a verify function says that the credentials are wrong. One of a client for another server says it of
 * what the application sent there: were that a verdict, a server that answers 401 to everybody would lock everybody. Nor is
 * one a verdict that was made of such an error.
 */
export function saysWrong(error: unknown): boolean {
  // One that cannot be read, a proxy or a getter that throws, says nothing.
  return asked(() => hasWrongStatus(error) && !isOfUpstream(error)) ?? false;
}

function hasWrongStatus(error: unknown): boolean {
  const { status, statusCode, output } = fieldsOf(error);
  // `status` may be a word where `statusCode` is the number, and a text where JSON:API is spoken; Boom has an output.
  return [status, statusCode, fieldsOf(output)['statusCode']].some((code) => isWrongStatus(toNumber(code)));
}

function toNumber(code: unknown): unknown {
  return typeof code === 'string' ? Number(code) : code;
}
