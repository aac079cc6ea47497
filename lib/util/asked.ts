/**
 * Returns what `read` returns, or undefined if it throws, as a framework's getter does when the request lacks something.
 * Express's and Koa's `ip` throw on a request without a socket, as in tests; reading what the strategy never asked for must not
 * end its login.
 */
export function asked<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

type Members = Readonly<Record<string, unknown>> | null | undefined;

/** The same of a member, or of a member of it; undefined also where there is nothing that could have it. */
export function memberOf(holder: unknown, name: string, inner?: string): unknown {
  try {
    const member = (holder as Members)?.[name];
    return inner === undefined ? member : (member as Members)?.[inner];
  } catch {
    return undefined;
  }
}
