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
