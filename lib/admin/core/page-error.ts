/** Requests that are not answered with what they asked for. */

/** Answered with a page about what is wrong with the request. */
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

/** The client went away before its form had arrived: nobody is left to answer. */
export class ClientGone extends Error {
  constructor(cause?: unknown) {
    super('the client went away', { cause });
    this.name = 'ClientGone';
  }
}
