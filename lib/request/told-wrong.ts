/** Detects that the application itself has already answered "wrong". */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isWrongStatus } from '../util/error-verdict.js';
import { responseOf } from '../util/response-of.js';

/** Whether the response has ended with a status that means wrong credentials; false if the request does not expose it. */
export function wasToldWrong(req: LockoutRequest | undefined): boolean {
  const response = req && responseOf(req);
  return asked(() => response?.writableEnded === true && isWrongStatus(response.statusCode)) ?? false;
}
