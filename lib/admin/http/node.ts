/** The adapter for everything on `node:http`: Express, Connect, Nest, Fastify and Koa with their raw request and response. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Place, placeOf, splitTarget } from '../core/base-path.js';
import { type AdminCore, AuthorizeError } from '../core/handle.js';
import { ClientGone } from '../core/page-error.js';
import type { AdminRequest, AdminResponse } from '../core/types.js';
import { readNodeForm } from './form.js';
import { breakOff, writeStream } from './write-stream.js';

export interface AdapterParts {
  readonly core: AdminCore;
  readonly basePath: string | undefined;
  /** Aborted when the pages are closed. */
  readonly closing: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** What routers add to a request. */
interface RoutedRequest extends IncomingMessage {
  /** Express: what it has removed from `url`. */
  readonly baseUrl?: unknown;
  /** Express, Connect, middie: `url` as it was. */
  readonly originalUrl?: unknown;
}

type Next = (error?: unknown) => void;

export function createNodeHandler({ core, basePath, closing, onError }: AdapterParts) {
  return async (req: RoutedRequest, res: ServerResponse, next?: Next): Promise<void> => {
    const { path, search } = splitTarget(req.url ?? '/');
    const place = placeOf(path, mountOf(req, path), basePath);
    if (!place && next) return next();
    const gone = new AbortController();
    // It may be over: what came before, such as a session store, took longer than the client waited.
    if (isClosed(res)) gone.abort();
    else res.once('close', () => gone.abort());
    const request = toRequest(req, place ?? { basePath: basePath ?? '', path }, search, [gone.signal, closing]);
    try {
      await send(res, await core.handle(request), request.signal);
    } catch (error) {
      if (error instanceof ClientGone) return;
      if (error instanceof AuthorizeError && next) return next(error.cause);
      onError(error instanceof AuthorizeError ? error.cause : error);
      fail(res);
    }
  };
}

function toRequest(
  req: RoutedRequest,
  { basePath, path }: Place,
  search: string,
  signals: readonly AbortSignal[],
): AdminRequest {
  return {
    method: req.method ?? 'GET',
    path,
    basePath,
    query: new URLSearchParams(search),
    header: (name) => {
      const value = req.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    readForm: () => readNodeForm(req),
    raw: req,
    signal: AbortSignal.any([...signals]),
  };
}

/** @returns what the router has removed from the path; '' if nothing */
function mountOf({ baseUrl, originalUrl }: RoutedRequest, path: string): string {
  if (typeof baseUrl === 'string') return baseUrl;
  if (typeof originalUrl !== 'string') return '';
  const { path: original } = splitTarget(originalUrl);
  if (original.endsWith(path)) return original.slice(0, -path.length);
  // `/admin` is `/` to what is mounted there.
  return path === '/' ? original : '';
}

/** A response of HTTP/2 has a stream, which says it. */
function isClosed(res: ServerResponse): boolean {
  const { stream } = res as { readonly stream?: { readonly destroyed: boolean } };
  return stream?.destroyed ?? res.destroyed;
}

/** Replaces headers that the application has set before. */
async function send(
  res: ServerResponse,
  { status, headers, body, isWhole = false }: AdminResponse,
  signal: AbortSignal,
): Promise<void> {
  if (res.headersSent || res.destroyed) return;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) {
    // Beside the cookies of the application.
    if (name === 'Set-Cookie') res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
  if (typeof body === 'string' || body instanceof Uint8Array) res.end(body);
  else await writeStream(res, body, { signal, isWhole });
}

/** Without a `next`, and within a stream whose beginning has been sent. */
function fail(res: ServerResponse): void {
  if (res.headersSent) {
    breakOff(res);
    return;
  }
  res.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  res.end('Internal Server Error\n');
}
