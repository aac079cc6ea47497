/** Sets a cookie on the response to a request, as far as frameworks expose the response. */
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
/** Keyed by the response if it is exposed: some frameworks create a new request for each strategy they call. */
const given = new WeakMap<object, Map<string, Given>>();

/**
 * Adds a cookie to those of the response. Replaces one that was put there under the same name for this request, and keeps all
 * others. Never throws, even if the headers have already been sent.
 *
 * @param header - the value of `Set-Cookie`
 * @returns whether it has reached the response; if not, {@link deviceCookie} returns it to any code that can set it
 */
export function putCookie(req: object, header: string): boolean {
  const earlier = lastCookie(req, nameIn(header));
  const isSet = asked(() => addTo(responseOf(req), header, earlier)) ?? false;
  remember(req, { header, isSet });
  return isSet;
}

/** Does the same if the client receives it in another way: only remembers it, for {@link lastCookie}. */
export function noteCookie(req: object, header: string): void {
  remember(req, { header, isSet: true });
}

/**
 * Returns the cookie for a hook such as Fastify's `onSend`, because strategies there do not see the response.
 *
 * @param name - of the cookie
 * @returns the `Set-Cookie` value that is still to be set; undefined if there is none or it has been set
 */
export function deviceCookie(req: object, name: string): string | undefined {
  const cookie = given.get(keyOf(req))?.get(name);
  return cookie?.isSet ? undefined : cookie?.header;
}

/** Returns the last value put for this request, whether or not it has reached the response. */
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
 * Avoids `appendHeader`: it cannot undo, and every response of Node that has it also has these methods. An object with only a
 * `setHeader`, such as a stand-in for a response, would lose its other cookies.
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
