/** Makes responses. */
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { AdminBody, AdminResponse } from './types.js';

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

/** Everything in it is escaped by the templates. */
export function html(status: number, page: VNode): AdminResponse {
  return { status, headers: { 'Content-Type': HTML }, body: `<!doctype html>${renderToString(page)}` };
}

export function text(status: number, body: string): AdminResponse {
  return { status, headers: { 'Content-Type': TEXT }, body };
}

/**
 * Sends the browser to another page with GET (RFC 9110, section 15.4.4).
 *
 * @param to - made by `links.to`
 */
export function redirect(to: string): AdminResponse {
  return { status: 303, headers: { Location: to, 'Content-Type': TEXT }, body: '' };
}

/** Adds headers, in place of those of the same name. */
export function withHeaders(response: AdminResponse, headers: Readonly<Record<string, string>>): AdminResponse {
  return { ...response, headers: { ...response.headers, ...headers } };
}

/** A stream has no length. */
export function lengthOf(body: AdminBody): number | undefined {
  if (typeof body === 'string') return Buffer.byteLength(body);
  return body instanceof Uint8Array ? body.byteLength : undefined;
}
