/** The adapter for frameworks of the Fetch Standard: Hono, Bun, Next.js routes. */
import { placeOf, splitTarget } from '../core/base-path.js';
import { AuthorizeError } from '../core/handle.js';
import { ClientGone, PageError } from '../core/page-error.js';
import type { AdminRequest, AdminResponse } from '../core/types.js';
import { MAX_FORM_BYTES, tooLarge } from './form.js';
import type { AdapterParts } from './node.js';
import { release } from './write-stream.js';

/** Statuses whose response must not have a body. */
const EMPTY: readonly number[] = [204, 304];

export function createFetchHandler({ core, basePath, closing, onError }: AdapterParts) {
  return async (request: Request): Promise<Response> => {
    const gone = new AbortController();
    const adminRequest = toRequest(request, basePath, AbortSignal.any([request.signal, gone.signal, closing]));
    try {
      const response = await core.handle(adminRequest);
      const { status, headers } = response;
      const isEmpty = EMPTY.includes(status) || request.method === 'HEAD';
      const sent = isEmpty ? null : toBody(response, adminRequest.signal, () => gone.abort(), onError);
      return new Response(sent, { status, headers });
    } catch (error) {
      if (error instanceof ClientGone) return new Response(null, { status: 400 });
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

async function readForm(request: Request): Promise<URLSearchParams> {
  if (request.bodyUsed) throw new TypeError('The form was read before it came here. Pass the request as it arrived.');
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // Leaving the loop early cancels the rest.
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MAX_FORM_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof PageError) throw error;
    throw new ClientGone(error);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function toBody(
  { body, isWhole = false }: AdminResponse,
  signal: AbortSignal,
  abort: () => void,
  onError: AdapterParts['onError'],
) {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  return toStream(body, { signal, abort, isWhole, onError });
}

interface StreamParts {
  readonly signal: AbortSignal;
  /** Aborts `signal`. */
  readonly abort: () => void;
  /** Whether a stream that ends early fails. */
  readonly isWhole: boolean;
  readonly onError: AdapterParts['onError'];
}

function toStream(
  body: AsyncIterable<string>,
  { signal, abort, isWhole, onError }: StreamParts,
): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  // A stream that has ended, been cancelled or failed must not be closed again.
  let isOver = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const end = () => {
        release(iterator);
        if (isOver) return;
        isOver = true;
        if (isWhole) controller.error(new Error('The stream ended before it was complete'));
        else controller.close();
      };
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (isOver) return;
        if (!done) return controller.enqueue(encoder.encode(value));
        isOver = true;
        controller.close();
        // Nothing listens to `closing` any more: a process makes many streams, and closes once.
        abort();
      } catch (error) {
        if (isOver) return;
        isOver = true;
        abort();
        onError(error);
        throw error;
      }
    },
    cancel() {
      isOver = true;
      abort();
    },
  });
}
