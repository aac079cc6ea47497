/** Finds the response to a request, if the framework exposes it. */
import { asked } from '../util/asked.js';

interface ShownResponse {
  readonly writableEnded?: unknown;
  readonly headersSent?: unknown;
  readonly statusCode?: unknown;
  readonly once?: (event: 'close', listener: () => void) => unknown;
}

/** Express and Nest expose the response. koa-passport exposes a stand-in, and a context with the real one. */
interface WithResponse {
  readonly res?: ShownResponse;
  readonly ctx?: { readonly res?: ShownResponse };
}

/** @returns undefined if the request does not expose it */
export function responseOf(req: object): ShownResponse | undefined {
  return asked(() => {
    const { ctx, res } = req as WithResponse;
    return ctx?.res ?? res;
  });
}
