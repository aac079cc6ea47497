/** What the client was told already, by whoever holds the response to its request. */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isWrongStatus } from '../util/error-verdict.js';

interface Response {
  readonly writableEnded?: unknown;
  readonly statusCode?: unknown;
}

/** Express and Nest show the response. What koa-passport shows is a stand-in, beside the context that has the real one. */
interface WithResponse {
  readonly res?: Response;
  readonly ctx?: { readonly res?: Response };
}

/** Whether the response has ended, and says that the credentials are wrong; false where the request does not show it. */
export function wasToldWrong(req: LockoutRequest | undefined): boolean {
  const isWrong = asked(() => {
    const { ctx, res } = req as WithResponse;
    const response = ctx?.res ?? res;
    return response?.writableEnded === true && isWrongStatus(response.statusCode);
  });
  return isWrong ?? false;
}
