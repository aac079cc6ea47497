/** Empty forms, for strategies of which nothing but `authenticate` is known: in these nothing was guessed. */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isEverydayCookie, isEverydayHeader } from './everyday-headers.js';
import { isNameOfUser } from './profile/sent-credentials.js';
import { hasFilledField, hasUnparsedForm, isSecretName, lookInForm } from './profile/sent-fields.js';

/** What parsers read; a body of another type the strategy may have read itself. */
const FORM_TYPE = /^application\/(?:json|x-www-form-urlencoded)\b/i;
/** Of `{}` and `[]`. */
const EMPTY_JSON_CHARS = 2;
const BODILESS = new Set<unknown>(['GET', 'HEAD', 'OPTIONS']);
/** RFC 9110, section 15.5.1: the request itself was malformed. */
const MALFORMED = 400;
/** A part of a path that somebody wrote: words, or a version. What differs from one client to the next mostly has digits. */
const WRITTEN = /^(?:[a-z]+(?:[-_.~][a-z]+)*|v\d{1,3})$/i;
const MAX_WRITTEN_CHARS = 32;
/** The same of a field: `userName`, `user[mail]`, `__RequestVerification`. */
const WRITTEN_FIELD = /^_{0,2}[a-z]+(?:[-_.~[][a-z]+\]?)*$/i;
/** Beside the credentials, in forms of any kind. */
const EXTRA_FIELD = /^_?(?:csrf|xsrf|method|remember(?:_?me)?|submit|next|redirect|return(?:_?to)?|lang|locale)$/i;

/** What frameworks have parsed, where they have. */
interface ParsedRequest extends LockoutRequest {
  readonly body?: unknown;
  readonly query?: unknown;
  /** Where an application of Express is mounted. */
  readonly baseUrl?: unknown;
  /** Of Express; what its parameters hold is in `params`. */
  readonly route?: { readonly path?: unknown };
  /** The same of Fastify. */
  readonly routeOptions?: { readonly url?: unknown };
}
type Headers = Readonly<Record<string, unknown>>;

/**
 * Whether a `fail` was an answer to nothing: there is no value in the whole request, or the strategy says that it is malformed
 * and nothing but a username is filled in. Where that cannot be told, something was guessed. What this takes for nothing, somebody's
 * strategy may take for a secret, and then it is guessed for nothing: docs/strategies.md lists it.
 */
export function guessesNothing(req: LockoutRequest, failArgs: readonly unknown[]): boolean {
  const headers: Headers = asked(() => req.headers) ?? {};
  if (isOpaque(req, headers)) return false;
  const cookies = cookieNames(String(headers['cookie'] ?? ''));
  if (cookies.every(isEverydayCookie) && !hasFilledField(req, isNameOfField)) return true;
  const isHarmless = (name: string) => isEverydayCookie(name) || !isSecretName(name);
  return failArgs.includes(MALFORMED) && cookies.every(isHarmless) && !hasFilledSecret(req);
}

function isNameOfField(name: string): boolean {
  return name.length <= MAX_WRITTEN_CHARS && WRITTEN_FIELD.test(name);
}

/** Secrets are called otherwise in each language; so whatever is not known to be none. */
function hasFilledSecret(req: LockoutRequest): boolean {
  return lookInForm(req, (field) => !isNameOfUser(field) && !EXTRA_FIELD.test(field)) !== 'all seen';
}

/** A secret may stand where nobody but the strategy looks. */
function isOpaque(req: ParsedRequest, headers: Headers): boolean {
  if (!Object.keys(headers).every(isEverydayHeader)) return true;
  const type = headers['content-type'];
  if (type !== undefined && !FORM_TYPE.test(String(type))) return true;
  return hasUnparsedForm(req) || hasUnreadBody(req, headers) || hasUnreadUrl(req);
}

/** An empty object is also what parsers leave where they have read nothing. */
function hasUnreadBody(req: ParsedRequest, headers: Headers): boolean {
  const chars = bodyChars(req, headers);
  if (chars <= 0) return false;
  const body = asked(() => req.body);
  if (body === undefined || body === null) return true;
  const isEmpty = typeof body === 'object' && Object.keys(body).length === 0;
  return isEmpty && !(chars <= EMPTY_JSON_CHARS);
}

/** Infinite where it is not told: in chunks, and in frames of HTTP/2; `NaN` where it is told wrongly. */
function bodyChars(req: ParsedRequest, headers: Headers): number {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) return Number.POSITIVE_INFINITY;
  if (length !== undefined) return Number(length);
  return headers[':method'] === undefined || BODILESS.has(req.method) ? 0 : Number.POSITIVE_INFINITY;
}

/** Parts that no parser and no route has made parameters of, which would be seen as fields. */
function hasUnreadUrl(req: ParsedRequest): boolean {
  const url = asked(() => req.originalUrl ?? req.url);
  if (typeof url !== 'string') return false;
  const [path = '', query] = url.split('?', 2);
  if (query !== undefined && asked(() => req.query) === undefined) return true;
  const isRouted =
    typeof asked(() => req.route?.path) === 'string' || typeof asked(() => req.routeOptions?.url) === 'string';
  const unrouted = isRouted ? String(asked(() => req.baseUrl) ?? '') : path;
  return !unrouted.split('/').every((part) => part === '' || (part.length <= MAX_WRITTEN_CHARS && WRITTEN.test(part)));
}

/** One without a name is nothing but a value. */
function cookieNames(header: string): readonly string[] {
  const pairs = header.split(';').filter((pair) => pair.trim() !== '');
  return pairs.map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))).trim());
}
