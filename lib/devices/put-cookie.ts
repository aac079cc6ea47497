/** A cookie set on the response to a request, as far as frameworks show it. */
import { asked } from '../util/asked.js';
import { isObject } from '../util/is-object.js';
import { responseOf } from '../util/response-of.js';

interface HeaderHolder {
  readonly headersSent?: unknown;
  readonly getHeader: (name: string) => unknown;
  readonly setHeader: (name: string, value: readonly string[]) => unknown;
}

interface Given {
  readonly header: string;
  readonly isSet: boolean;
}

const SET_COOKIE = 'Set-Cookie';
/** By the response where it is shown: some frameworks make a new request for each strategy that is asked. */
const given = new WeakMap<object, Map<string, Given>>();

/**
 * Adds a cookie to those of the response. One that was put there for this request before, under the same name, gives way; all
 * others stay. Never throws, also not when the headers are gone already.
 *
 * @param header - the value of `Set-Cookie`
 * @returns whether it has reached the response; if not, {@link deviceCookie} has it for whoever can
 */
export function putCookie(req: object, header: string): boolean {
  const earlier = lastCookie(req, nameIn(header));
  const isSet = asked(() => addTo(responseOf(req), header, earlier)) ?? false;
  remember(req, { header, isSet });
  return isSet;
}

/** The same where the client is told in another way: only remembered, for whoever asks for {@link lastCookie}. */
export function noteCookie(req: object, header: string): void {
  remember(req, { header, isSet: true });
}

/**
 * For a hook such as Fastify's `onSend`: strategies there do not see the response.
 *
 * @param name - of the cookie
 * @returns the value of `Set-Cookie` that is still to be set; undefined where there is none, or it is set
 */
export function deviceCookie(req: object, name: string): string | undefined {
  const cookie = given.get(keyOf(req))?.get(name);
  return cookie?.isSet ? undefined : cookie?.header;
}

/** The last value that was put for this request, whether or not it has reached the response. */
export function lastCookie(req: object, name: string): string | undefined {
  return given.get(keyOf(req))?.get(name)?.header;
}

function remember(req: object, cookie: Given): void {
  const key = keyOf(req);
  const cookies = given.get(key) ?? new Map<string, Given>();
  given.set(key, cookies.set(nameIn(cookie.header), cookie));
}

function keyOf(req: object): object {
  const response: unknown = responseOf(req);
  return isObject(response) ? response : req;
}

/**
 * Not by `appendHeader`: it cannot take back, and Node has it on all responses that have these. What has only a `setHeader`, as
 * stand-ins do, would lose the cookies that it has.
 */
function addTo(response: object | undefined, header: string, earlier: string | undefined): boolean {
  if (!isHeaderHolder(response) || response.headersSent === true) return false;
  const lines = [response.getHeader(SET_COOKIE) ?? []].flat().map(String);
  response.setHeader(SET_COOKIE, [...lines.filter((line) => line !== earlier), header]);
  return true;
}

function isHeaderHolder(response: object | undefined): response is HeaderHolder {
  const { getHeader, setHeader } = (response ?? {}) as Partial<HeaderHolder>;
  return typeof getHeader === 'function' && typeof setHeader === 'function';
}

function nameIn(header: string): string {
  return header.slice(0, header.indexOf('='));
}
