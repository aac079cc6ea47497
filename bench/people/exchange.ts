/** One request to log in and its response, as far as Passport and the lockout look at them; cookies go to and fro. */
import type { Jar, Login } from './policy.js';

export class Exchange {
  readonly method = 'POST';
  readonly url = '/login';
  readonly query = {};
  /** Over https, without which no browser keeps a secure cookie. */
  readonly secure = true;
  readonly ip: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly username: string; readonly password: string };
  /** As Express does; the lockout finds the response there. */
  readonly res: Response;

  constructor({ username, ip, password, jar }: Login) {
    this.ip = ip;
    this.headers = jar.size === 0 ? NO_COOKIES : { ...NO_COOKIES, cookie: toHeader(jar) };
    this.body = { username, password };
    this.res = new Response(jar);
  }
}

const NO_COOKIES = { host: 'localhost', 'user-agent': 'people' } as const;

function toHeader(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

class Response {
  statusCode = 200;
  isEnded = false;
  readonly #jar: Jar;
  readonly #headers = new Map<string, unknown>();

  constructor(jar: Jar) {
    this.#jar = jar;
  }

  getHeader(name: string): unknown {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: unknown): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  appendHeader(name: string, value: unknown): this {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  }

  /** Then the browser has it. */
  end(): void {
    this.isEnded = true;
    const cookies = this.getHeader('set-cookie');
    if (cookies === undefined) return;
    for (const cookie of [cookies].flat()) keep(this.#jar, String(cookie));
  }
}

function keep(jar: Jar, cookie: string): void {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  if (attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute))) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}
