/** The response to a request, as far as frameworks show it. */
import { asked } from './asked.js';

interface ShownResponse {
  readonly writableEnded?: unknown;
  readonly headersSent?: unknown;
  readonly statusCode?: unknown;
  readonly once?: (event: 'close', listener: () => void) => unknown;
}

/** Express and Nest show the response. What koa-passport shows is a stand-in, beside the context that has the real one. */
interface WithResponse {
  readonly res?: ShownResponse;
  readonly ctx?: { readonly res?: ShownResponse };
}

/** @returns undefined where the request does not show it */
export function responseOf(req: object): ShownResponse | undefined {
  return asked(() => {
    const { ctx, res } = req as WithResponse;
    return ctx?.res ?? res;
  });
}
