/** The built-in answer to a refused request: in the format that the client asks for, never cached. */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import Negotiator from 'negotiator';
import type { MessageCatalogue } from '../messages/catalogue.js';
import type { LockedInfo, LockedPage, RespondOptions } from '../options/answer-types.js';
import { firstEntries } from '../util/list-header.js';
import { builtInPage } from './locked-page.js';
import { PAGE_POLICY } from './page-style.js';

export interface RefusalAnswer {
  readonly status: number;
  readonly locked: LockedPage;
  readonly retryAfterHeader: boolean;
  readonly respondWith: RespondOptions;
  readonly messages: MessageCatalogue;
}

const HTML = 'text/html; charset=utf-8';
const PAGE = 'text/html';
const TEXT = 'text/plain';
const PROGRAMS = ['application/json', 'application/problem+json', TEXT] as const;
/** Browsers send about 200 characters; parsing a list takes more than linear time. */
const MAX_ACCEPT_CHARS = 1_024;

/** Sets `Retry-After` (RFC 9110, section 10.2.3) if the response still accepts headers. */
export function setRetryAfter(res: ServerResponse | undefined, retryAfter: number | null, isWanted: boolean): void {
  if (typeof res?.setHeader !== 'function' || res.headersSent) return;
  if (isWanted && retryAfter !== null) res.setHeader('Retry-After', String(retryAfter));
}

/** Returns no header if it is switched off or no retry makes sense. */
export function retryAfterHeaders(retryAfter: number | null, isWanted: boolean): Record<string, string> {
  return isWanted && retryAfter !== null ? { 'Retry-After': String(retryAfter) } : {};
}

/** Answers with `application/problem+json` (RFC 9457), an HTML page or plain text, whichever the client asks for. */
export function respondRefused(req: IncomingMessage, res: ServerResponse, answer: RefusalAnswer): void {
  const { status, locked, retryAfterHeader, respondWith, messages } = answer;
  setRetryAfter(res, locked.retryAfter, retryAfterHeader);
  // RFC 6585, section 4: a 429 must not be stored by a cache.
  res.setHeader('Cache-Control', 'no-store');
  addToList(res, 'Vary', messages.isNegotiated ? 'Accept, Accept-Language' : 'Accept');
  if (respondWith.corsOrigin !== undefined) setCors(res, respondWith.corsOrigin);
  switch (preferredType(req, respondWith.prefer)) {
    case PAGE:
      if (respondWith.redirectTo !== undefined) redirect(res, respondWith.redirectTo, locked.username);
      else if (respondWith.page) send(res, status, HTML, respondWith.page(locked));
      else sendPage(res, answer);
      break;
    case TEXT:
      sendIn(locked.locale, res, status, 'text/plain; charset=utf-8', `${locked.message}\n`);
      break;
    default:
      sendIn(locked.locale, res, status, 'application/problem+json', toProblem(status, locked));
  }
}

/**
 * A client that accepts anything is a program, such as `fetch`: it could not use a page, and would take a redirect for a login.
 * Browsers name `text/html`.
 */
function preferredType({ headers }: IncomingMessage, prefer: RespondOptions['prefer']): string | undefined {
  const accept: unknown = headers?.accept;
  // A string in Node; a stand-in for a request may contain anything. An empty one says as little as none.
  const bounded = typeof accept === 'string' && accept !== '' ? { accept: firstEntries(accept, MAX_ACCEPT_CHARS) } : {};
  const offered = prefer === 'html' ? [PAGE, ...PROGRAMS] : [...PROGRAMS, PAGE];
  return new Negotiator({ headers: bounded }).mediaType(offered);
}

/** For scripts of another origin, which otherwise see neither the answer nor the time to wait (Fetch, section 3.3). */
function setCors(res: ServerResponse, origin: string): void {
  res.setHeader('Access-Control-Allow-Origin', origin);
  addToList(res, 'Access-Control-Expose-Headers', 'Retry-After');
}

/** Appends to the header: an answer may vary by something else, too, such as the origin. */
function addToList(res: ServerResponse, header: string, fields: string): void {
  // koa-passport's stand-in for a response lacks some methods.
  const before = typeof res.getHeader === 'function' ? res.getHeader(header) : undefined;
  res.setHeader(header, before === undefined ? fields : `${[before].flat().join(', ')}, ${fields}`);
}

function sendIn(locale: string, res: ServerResponse, status: number, type: string, body: string): void {
  res.setHeader('Content-Language', locale);
  send(res, status, type, body);
}

function sendPage(res: ServerResponse, { status, locked, respondWith, messages }: RefusalAnswer): void {
  // The application's own policy may be wider, or may forbid the style.
  res.setHeader('Content-Security-Policy', PAGE_POLICY);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  const page = builtInPage(locked, messages.textsIn(locked.locale), respondWith.backTo);
  sendIn(locked.locale, res, status, HTML, page);
}

function send(res: ServerResponse, status: number, type: string, body: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** Status 303 makes the browser fetch the page with GET (RFC 9110, section 15.4.4). */
function redirect(res: ServerResponse, to: string, username: string | undefined): void {
  res.statusCode = 303;
  res.setHeader('Location', username === undefined ? to : withUsername(to, username));
  res.setHeader('Content-Length', 0);
  res.end();
}

/** Adds the username to the query, which ends where a fragment begins (RFC 3986, section 3.4). */
function withUsername(to: string, username: string): string {
  const end = to.indexOf('#');
  const [path, fragment] = end < 0 ? [to, ''] : [to.slice(0, end), to.slice(end)];
  // The application's `canonicalUsername` may leave half a character, which cannot be encoded.
  return `${path}${path.includes('?') ? '&' : '?'}username=${encodeURIComponent(username.toWellFormed())}${fragment}`;
}

/** The title of a problem without a type is that of its status; only `detail` is about this occurrence (RFC 9457, section 4.2.1). */
function toProblem(status: number, { code, message, retryAfter }: LockedInfo): string {
  const title = STATUS_CODES[status];
  return JSON.stringify({ type: 'about:blank', title, status, detail: message, code, retryAfter });
}
