/** What the client was told already, by whoever holds the response to its request. */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isWrongStatus } from '../util/error-verdict.js';
import { responseOf } from '../util/response-of.js';

/** Whether the response has ended, and says that the credentials are wrong; false where the request does not show it. */
export function wasToldWrong(req: LockoutRequest | undefined): boolean {
  const response = req && responseOf(req);
  return asked(() => response?.writableEnded === true && isWrongStatus(response.statusCode)) ?? false;
}
