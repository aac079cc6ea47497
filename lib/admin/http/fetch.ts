/** The adapter for frameworks of the Fetch Standard: Hono, Bun, Next.js routes. */
import { placeOf, splitTarget } from '../core/base-path.js';
import { AuthorizeError } from '../core/handle.js';
import type { AdminRequest, AdminResponse } from '../core/types.js';
import { MAX_FORM_BYTES, tooLarge } from './form.js';
import type { AdapterParts } from './node.js';
import { release } from './write-stream.js';

/** Statuses whose response must not have a body. */
const EMPTY: readonly number[] = [204, 304];

export function createFetchHandler({ core, basePath, closing }: AdapterParts) {
  return async (request: Request): Promise<Response> => {
    const gone = new AbortController();
    const adminRequest = toRequest(request, basePath, AbortSignal.any([request.signal, gone.signal, closing]));
    try {
      const response = await core.handle(adminRequest);
      const { status, headers } = response;
      const isEmpty = EMPTY.includes(status) || request.method === 'HEAD';
      return new Response(isEmpty ? null : toBody(response, gone, adminRequest.signal), { status, headers });
    } catch (error) {
      throw error instanceof AuthorizeError ? error.cause : error;
    }
  };
}

function toRequest(request: Request, basePath: string | undefined, signal: AbortSignal): AdminRequest {
  const { path, search } = splitTarget(request.url.replace(/#.*$/s, ''));
  // Outside of the base: a router has removed it, as `mount` of Hono does.
  const place = placeOf(path, '', basePath) ?? { basePath: basePath ?? '', path };
  return {
    method: request.method,
    ...place,
    query: new URLSearchParams(search),
    header: (name) => request.headers.get(name) ?? undefined,
    readForm: () => readForm(request),
    raw: request,
    signal,
  };
}

async function readForm({ body }: Request): Promise<URLSearchParams> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FORM_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function toBody(
  { body, isWhole = false }: AdminResponse,
  gone: AbortController,
  signal: AbortSignal,
): string | Uint8Array<ArrayBuffer> | ReadableStream {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const iterator = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let stop = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      stop = () => {
        release(iterator);
        // Closed already if the reader has cancelled.
        if (gone.signal.aborted) return;
        if (isWhole) controller.error(new Error('The stream was ended before it was complete'));
        else controller.close();
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (signal.aborted) return;
        if (!done) {
          controller.enqueue(encoder.encode(value));
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      // It is over: what is closed cannot be closed again.
      signal.removeEventListener('abort', stop);
    },
    cancel() {
      gone.abort();
    },
  });
}
