/**
 * What is read from a request: undefined where a framework's getter needs what this request lacks. Express' and Koa's `ip`
 * throw on one without a socket, as tests make them; what the strategy has never asked for must not end its login.
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
