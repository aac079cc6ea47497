/** What an HTTP status, or an error that carries one, says about the credentials: many applications say "wrong" like this. */
import { asked } from './asked.js';
import { fieldsOf, isOfUpstream } from './upstream-error.js';

/** RFC 9110, section 15.5: what the client sent is wrong, unknown or not allowed. */
const WRONG_STATUSES: ReadonlySet<unknown> = new Set([400, 401, 403, 404, 422]);

/** Whether an answer with this status says that the credentials are wrong. */
export function isWrongStatus(status: unknown): boolean {
  return WRONG_STATUSES.has(status);
}

/**
 * Whether this error of a verify function says that the credentials are wrong. An error of a client for another server is about
 * what the application sent there: if it were a verdict, a server that answers 401 to everything would lock everyone. Nor is an
 * error a verdict if it was made from such an error.
 */
export function saysWrong(error: unknown): boolean {
  // An error that cannot be read, such as a proxy or a getter that throws, is no verdict.
  return asked(() => hasWrongStatus(error) && !isOfUpstream(error)) ?? false;
}

function hasWrongStatus(error: unknown): boolean {
  const { status, statusCode, output } = fieldsOf(error);
  // `status` may be a word while `statusCode` is the number, and a string in JSON:API; Boom has an `output`.
  return [status, statusCode, fieldsOf(output)['statusCode']].some((code) => isWrongStatus(toNumber(code)));
}

function toNumber(code: unknown): unknown {
  return typeof code === 'string' ? Number(code) : code;
}
