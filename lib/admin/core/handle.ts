/** The core: a request becomes a response. It knows no framework. */

import { LockoutConfigError } from '../../errors.js';
import { ENGINE, type Lockout } from '../../lockout.js';
import { showError } from '../view/error-page.js';
import { findAsset } from './assets.js';
import { toViewer } from './authorize.js';
import { createContext } from './context.js';
import { assertForm, assertSameOrigin } from './cross-site.js';
import type { ResolvedAdminOptions } from './options.js';
import { ClientGone, PageError } from './page-error.js';
import type { Permission, Viewer } from './permissions.js';
import { lengthOf, text, withHeaders } from './respond.js';
import { NOT_CACHED, SECURITY_HEADERS } from './security-headers.js';
import { isLockoutStoreError } from './store-failure.js';
import type { AdminRequest, AdminResponse, PageContext, Route } from './types.js';

/** What `authorize` threw: the application's own error handling answers it. */
export class AuthorizeError extends Error {
  constructor(cause: unknown) {
    super('authorize failed', { cause });
    this.name = 'AuthorizeError';
  }
}

export class AdminCore {
  readonly #lockout: Lockout;
  readonly #options: ResolvedAdminOptions;
  /** By path, then by method. */
  readonly #routes: ReadonlyMap<string, ReadonlyMap<string, Route>>;
  readonly #onError: (error: unknown) => void;
  readonly #closing: AbortSignal;

  /**
   * @param onError - called with a mistake of ours or of the application, which is answered with 500
   * @param closing - aborted when the pages are closed
   */
  constructor(
    lockout: Lockout,
    options: ResolvedAdminOptions,
    routes: readonly Route[],
    onError: (error: unknown) => void,
    closing: AbortSignal,
  ) {
    this.#lockout = lockout;
    this.#options = options;
    this.#routes = byPath(routes);
    this.#onError = onError;
    this.#closing = closing;
  }

  /**
   * @throws {AuthorizeError} if `authorize` fails
   * @throws {ClientGone} if nobody is left to answer; everything else is answered
   */
  async handle(request: AdminRequest): Promise<AdminResponse> {
    const response = await this.#answer(request);
    const length = lengthOf(response.body);
    const headers = {
      'Cache-Control': NOT_CACHED,
      ...response.headers,
      ...SECURITY_HEADERS,
      ...(length !== undefined && { 'Content-Length': String(length) }),
    };
    const body = request.method === 'HEAD' ? '' : response.body;
    return { ...response, headers, body };
  }

  async #answer(request: AdminRequest): Promise<AdminResponse> {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const asset = isRead ? findAsset(request.path) : undefined;
    if (asset) return asset;
    let viewer: Viewer | undefined;
    try {
      viewer = toViewer(await this.#authorize(request));
    } catch (error) {
      if (error instanceof AuthorizeError) throw error;
      this.#onError(error);
      return text(500, 'Internal Server Error\n');
    }
    // Says nothing about what is here.
    if (!viewer) return text(403, 'Forbidden\n');
    const context = createContext(this.#lockout, request, viewer, {
      hasPage: this.#hasPage,
      closing: this.#closing,
    });
    try {
      return await this.#route(context, isRead);
    } catch (error) {
      return this.#toResponse(context, error);
    }
  }

  async #authorize({ raw }: AdminRequest): Promise<unknown> {
    try {
      return await this.#options.authorize(raw);
    } catch (error) {
      throw new AuthorizeError(error);
    }
  }

  async #route(context: PageContext, isRead: boolean): Promise<AdminResponse> {
    const { request, viewer } = context;
    if (!isRead) assertSameOrigin(request, this.#options.origin);
    const methods = this.#routes.get(request.path);
    if (!methods) throw new PageError(404, 'There is no such page.');
    const route = methods.get(isRead ? 'GET' : request.method);
    if (!route) throw new PageError(405, `This page does not accept ${request.method}.`, { Allow: allowed(methods) });
    if (!viewer.can(route.permission)) throw forbidden(viewer, route.permission);
    if (isRead) return this.#show(context, route);
    assertForm(request);
    return route.handle({ ...context, form: await request.readForm() });
  }

  /** Records that the viewer looks: an export is an act of its own. Beside the page, which does not wait longer for it. */
  async #show(context: PageContext, { permission, handle }: Route): Promise<AdminResponse> {
    const looking = permission === 'look' ? this.#lockout[ENGINE].activity.look(context.viewer.actor) : undefined;
    const [response] = await Promise.all([handle(context), looking]);
    return response;
  }

  readonly #hasPage = (path: string): boolean => this.#routes.get(path)?.has('GET') ?? false;

  #toResponse(context: PageContext, error: unknown): AdminResponse {
    if (error instanceof ClientGone) throw error;
    if (error instanceof PageError) {
      return withHeaders(showError(context, error.status, error.message), error.headers);
    }
    // The lockout has reported it already.
    if (isLockoutStoreError(error)) return showError(context, 503, error.message);
    // A field of the query or of the form that no method accepts: a link that somebody has changed.
    if (error instanceof LockoutConfigError) return showError(context, 400, error.message);
    this.#onError(error);
    return showError(context, 500, 'This page could not be made. The log of the application says why.');
  }
}

function byPath(routes: readonly Route[]): ReadonlyMap<string, ReadonlyMap<string, Route>> {
  const paths = new Map<string, Map<string, Route>>();
  for (const route of routes) {
    paths.set(route.path, (paths.get(route.path) ?? new Map()).set(route.method, route));
  }
  return paths;
}

function allowed(methods: ReadonlyMap<string, Route>): string {
  return [...methods.keys()].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
}

function forbidden({ actor }: Viewer, permission: Permission): PageError {
  return new PageError(
    403,
    `${actor} is not allowed to do this: it needs the permission '${permission}'. Nothing was changed.`,
  );
}
