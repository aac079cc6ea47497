/** A request that is answered with a page about what is wrong with it. */

export class PageError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param message - shown on the page: what is wrong, and what to do */
  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'PageError';
    this.status = status;
    this.headers = headers;
  }
}
