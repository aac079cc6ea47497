/** Joins the core with its adapters. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertLockout, ENGINE, type Lockout } from '../lockout.js';
import { AdminCore } from './core/handle.js';
import { type AdminOptions, resolveAdminOptions } from './core/options.js';
import { ROUTES } from './core/routes.js';
import { createFetchHandler } from './http/fetch.js';
import { createNodeHandler } from './http/node.js';

/**
 * The pages: a handler for Express, Connect, Nest and `node:http`; for Fastify and Koa with their raw request and response; and, as
 * `fetch`, for frameworks of the Fetch Standard.
 */
export interface Admin<Req extends object = IncomingMessage> {
  /** Resolves when the request is answered. A request outside of the base path is passed to `next`, if there is one. */
  (req: Req, res: ServerResponse, next?: (error?: unknown) => void): Promise<void>;
  /**
   * Answers a request of the Fetch Standard (Hono, Bun, Next.js routes).
   *
   * @throws what `authorize` throws
   */
  fetch(request: Request): Promise<Response>;
  /** Ends all streams, such as those of pages that are kept up to date, and acts on many subjects, so that a server can close. May be called twice. */
  close(): void;
}

/**
 * Creates the pages on which operators see who is locked and why, and free them.
 *
 * @example
 * ```ts
 * app.use('/admin/lockout', createAdmin(lockout, {
 *   authorize: (req: Request) => req.user?.isOperator ? { actor: req.user.name, can: ['unblock'] } : false,
 * }));
 * ```
 * @throws {LockoutConfigError} without `authorize`, for a wrong option, or if `lockout` is not a `Lockout`
 */
export function createAdmin<Req extends object = IncomingMessage>(
  lockout: Lockout,
  options: AdminOptions<Req>,
): Admin<Req> {
  assertLockout(lockout);
  const resolved = resolveAdminOptions(options);
  const closing = new AbortController();
  const onError = (cause: unknown) =>
    lockout[ENGINE].warn({
      code: 'WARN_LOCKOUT_ADMIN_FAILED',
      message: 'a request to the admin pages was answered with 500; logins are not affected',
      cause,
    });
  const core = new AdminCore(lockout, resolved, ROUTES, onError, closing.signal);
  const parts = { core, basePath: resolved.basePath, closing: closing.signal, onError };
  const handler = createNodeHandler(parts) as (req: object, res: ServerResponse, next?: () => void) => Promise<void>;
  return Object.assign(handler, { fetch: createFetchHandler(parts), close: () => closing.abort() });
}
