/** Detects empty forms, for strategies of which only `authenticate` is known: an empty form guesses nothing. */
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isEverydayCookie, isEverydayHeader } from './everyday-headers.js';
import { isNameOfUser } from './profile/sent-credentials.js';
import { hasFilledField, hasUnparsedForm, isSecretName, lookInForm } from './profile/sent-fields.js';

/** Types that parsers read; the strategy itself may have read a body of another type. */
const FORM_TYPE = /^application\/(?:json|x-www-form-urlencoded)\b/i;
/** Length of `{}` and `[]`. */
const EMPTY_JSON_CHARS = 2;
const BODILESS = new Set<unknown>(['GET', 'HEAD', 'OPTIONS']);
/** RFC 9110, section 15.5.1: the request itself was malformed. */
const MALFORMED = 400;
/** A hand-written part of a path: words, or a version. Parts that vary between clients mostly contain digits. */
const WRITTEN = /^(?:[a-z]+(?:[-_.~][a-z]+)*|v\d{1,3})$/i;
const MAX_WRITTEN_CHARS = 32;
/** A hand-written field name: `userName`, `user[mail]`, `__RequestVerification`. */
const WRITTEN_FIELD = /^_{0,2}[a-z]+(?:[-_.~[][a-z]+\]?)*$/i;
/** Fields that any kind of form has besides the credentials. */
const EXTRA_FIELD = /^_?(?:csrf|xsrf|method|remember(?:_?me)?|submit|next|redirect|return(?:_?to)?|lang|locale)$/i;

/** What frameworks have parsed, if anything. */
interface ParsedRequest extends LockoutRequest {
  readonly body?: unknown;
  readonly query?: unknown;
  /** Mount path of an Express application. */
  readonly baseUrl?: unknown;
  /** The matched route in Express; the values of its parameters are in `params`. */
  readonly route?: { readonly path?: unknown };
  /** The matched route in Fastify. */
  readonly routeOptions?: { readonly url?: unknown };
}
type Headers = Readonly<Record<string, unknown>>;

/**
 * Whether a `fail` answered an empty request: it holds no value at all, or the strategy calls it malformed and only a username is
 * filled in. If in doubt, something was guessed. What is ignored here may be a secret to some strategy, whose guesses are then
 * free: docs/strategies.md lists these cases.
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

/** Secrets have different names in each language, so any field not known to be harmless counts. */
function hasFilledSecret(req: LockoutRequest): boolean {
  return lookInForm(req, (field) => !isNameOfUser(field) && !EXTRA_FIELD.test(field)) !== 'all seen';
}

/** A secret may be in a place that only the strategy reads. */
function isOpaque(req: ParsedRequest, headers: Headers): boolean {
  if (!Object.keys(headers).every(isEverydayHeader)) return true;
  const type = headers['content-type'];
  if (type !== undefined && !FORM_TYPE.test(String(type))) return true;
  return hasUnparsedForm(req) || hasUnreadBody(req, headers) || hasUnreadUrl(req);
}

/** Parsers also leave an empty object if they have read nothing. */
function hasUnreadBody(req: ParsedRequest, headers: Headers): boolean {
  const chars = bodyChars(req, headers);
  if (chars <= 0) return false;
  const body = asked(() => req.body);
  if (body === undefined || body === null) return true;
  const isEmpty = typeof body === 'object' && Object.keys(body).length === 0;
  return isEmpty && !(chars <= EMPTY_JSON_CHARS);
}

/** Infinite if the length is not declared, as in chunks and HTTP/2 frames; `NaN` if it is malformed. */
function bodyChars(req: ParsedRequest, headers: Headers): number {
  const length = headers['content-length'];
  if (headers['transfer-encoding'] !== undefined) return Number.POSITIVE_INFINITY;
  if (length !== undefined) return Number(length);
  return headers[':method'] === undefined || BODILESS.has(req.method) ? 0 : Number.POSITIVE_INFINITY;
}

/** Whether the path has parts that no parser or route has turned into parameters, which would be seen as fields. */
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

/** A cookie without a name consists of its value only. */
function cookieNames(header: string): readonly string[] {
  const pairs = header.split(';').filter((pair) => pair.trim() !== '');
  return pairs.map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))).trim());
}
