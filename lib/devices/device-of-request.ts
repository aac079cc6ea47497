/** Reads the device tokens that come with a request, and hands out new ones. */
import type { AnyRequest, LockoutRequest } from '../subject/attempt.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { asked } from '../util/asked.js';
import { toJarText, tokensInCookies, tokensInText, withToken } from './jar.js';
import { deviceCookie, lastCookie, noteCookie, putCookie } from './put-cookie.js';
import type { ResolvedKnownDevices } from './resolve.js';
import { cookieNameOf, type DeviceCookie, forPlainHttp, toSetCookie } from './set-cookie.js';

/** What frameworks add to a request. */
interface ShownRequest extends LockoutRequest {
  readonly secure?: unknown;
  readonly protocol?: unknown;
  readonly socket?: { readonly remoteAddress?: string | undefined; readonly encrypted?: unknown } | null | undefined;
  /** Set by a cookie parser. */
  readonly cookies?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface GivenToken {
  /** The value of `Set-Cookie`. */
  readonly header: string;
  /** Whether the client will receive it: it is on the response, or the option `write` was called. */
  readonly isSet: boolean;
  /** Whether browsers accept it over https only. */
  readonly isSecure: boolean;
}

export class RequestDevices {
  readonly #options: ResolvedKnownDevices;
  /** Indexed by whether the cookie is for plain http. */
  readonly #cookies: readonly [usual: DeviceCookie, plain: DeviceCookie];

  /** @param isProduction - if true, even a request that seems to come over plain http is behind a proxy that terminates https */
  constructor(options: ResolvedKnownDevices, isProduction: boolean) {
    const { cookie } = options;
    this.#options = options;
    this.#cookies = [cookie, isProduction ? cookie : forPlainHttp(cookie)];
  }

  /**
   * Returns at most five tokens as the client sent them, not yet recognised. Tokens given for the same request count as sent.
   *
   * @throws what the option `read` throws
   */
  tokensOf(given: AnyRequest): readonly string[] {
    const req = toLockoutRequest(given);
    const name = cookieNameOf(this.#cookieFor(req));
    const last = lastCookie(req, name);
    if (last !== undefined) return tokensInCookies(last, name);
    const { read } = this.#options;
    if (!read) return cookieTokens(req, name);
    const texts = [read(req) ?? []].flat() as readonly string[];
    return tokensInText(texts.join('.'));
  }

  /**
   * Whether the client can keep a token. A program that sends its credentials in a header keeps no cookies, so each of its
   * logins would seem to come from a new device.
   *
   * @throws what the option `read` throws
   */
  canKeep(given: AnyRequest): boolean {
    if (this.#options.write) return true;
    const req: ShownRequest = toLockoutRequest(given);
    if (!asked(() => req.headers?.['authorization'])) return true;
    return cookieHeaderOf(req) !== '' || hasParsedCookies(req) || this.tokensOf(given).length > 0;
  }

  /**
   * Adds a token to those of the request, replacing the one of the same device.
   *
   * @throws what the option `write` throws
   */
  give(given: AnyRequest, token: string): GivenToken {
    const req = toLockoutRequest(given);
    const tokens = withToken(this.tokensOf(req), token);
    const { write, maxAgeMs } = this.#options;
    const cookie = this.#cookieFor(req);
    const header = toSetCookie(cookie, tokens, maxAgeMs);
    const isSecure = cookie.secure || !this.#options.cookie.secure;
    if (!write) return { header, isSet: putCookie(req, header), isSecure };
    write(req, toJarText(tokens));
    noteCookie(req, header);
    return { header, isSet: true, isSecure: true };
  }

  /** Returns the `Set-Cookie` value that is still to be set, for frameworks whose strategies do not see the response. */
  cookieOf(given: AnyRequest): string | undefined {
    const req = toLockoutRequest(given);
    return deviceCookie(req, cookieNameOf(this.#cookieFor(req)));
  }

  #cookieFor(req: LockoutRequest): DeviceCookie {
    const [usual, plain] = this.#cookies;
    // Getting the answer makes frameworks evaluate their trust settings, so ask only when it matters.
    return plain === usual || isOverHttps(req) ? usual : plain;
  }
}

function cookieTokens(req: ShownRequest, name: string): readonly string[] {
  const header = cookieHeaderOf(req);
  if (header !== '') return tokensInCookies(header, name);
  const parsed = asked(() => req.cookies?.[name]);
  return isText(parsed) ? tokensInText(parsed) : [];
}

/** Returns an empty string if there is no such header. */
function cookieHeaderOf(req: LockoutRequest): string {
  const header: unknown = asked(() => req.headers?.['cookie']);
  return [header].flat().filter(isText).join('; ');
}

/** Koa also has an object there, but its values are not strings. */
function hasParsedCookies(req: ShownRequest): boolean {
  return asked(() => Object.values(req.cookies ?? {}).some(isText)) ?? false;
}

function isOverHttps(req: ShownRequest): boolean {
  return (
    asked(() => req.secure) === true ||
    asked(() => req.protocol) === 'https' ||
    asked(() => req.socket?.encrypted) === true ||
    (asked(() => req.standard?.url.startsWith('https:')) ?? false)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
