/** A client that keeps the cookies it is given, as requests of `node:http` whose responses show their headers. */
import type { AnyRequest } from '../../../lib/index.js';

/** What a request and its response look like to the library. */
class Exchange {
  readonly ip: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly socket = { encrypted: true };
  readonly res = {
    headersSent: false,
    getHeader: () => this.given,
    setHeader: (_name: string, lines: readonly string[]) => {
      this.given = lines;
    },
  };
  given: readonly string[] = [];

  constructor(ip: string, cookie: string) {
    this.ip = ip;
    this.headers = cookie === '' ? {} : { cookie };
  }
}

export class CookieKeeper {
  readonly ip: string;
  readonly #exchanges: Exchange[] = [];
  #cookie: string;

  /** @param cookie - with which it begins */
  constructor(ip: string, cookie = '') {
    this.ip = ip;
    this.#cookie = cookie;
  }

  /** The cookie it would send now. */
  get cookie(): string {
    for (const { given } of this.#exchanges.splice(0)) this.#cookie = given.at(-1)?.split(';')[0] ?? this.#cookie;
    return this.#cookie;
  }

  request(): AnyRequest {
    const exchange = new Exchange(this.ip, this.cookie);
    this.#exchanges.push(exchange);
    return exchange as unknown as AnyRequest;
  }
}
