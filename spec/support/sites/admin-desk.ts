/** The core of the admin pages over a real lockout in memory, with an operator who sends requests. No framework, no socket. */

import { AdminCore } from '../../../lib/admin/core/handle.js';
import type { AdminOptions } from '../../../lib/admin/core/options.js';
import { resolveAdminOptions } from '../../../lib/admin/core/options.js';
import { ROUTES } from '../../../lib/admin/core/routes.js';
import type { AdminResponse, Route } from '../../../lib/admin/core/types.js';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { ManualClock } from '../stores/manual-clock.js';

export const FORM = 'application/x-www-form-urlencoded';
/** What a browser sends with a form of our own pages. */
export const OWN_FORM = { 'sec-fetch-site': 'same-origin', 'content-type': FORM, host: 'admin.example.com' } as const;

export type Headers = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

export interface DeskOptions extends Partial<AdminOptions<object>> {
  readonly lockout?: LockoutOptions;
  readonly store?: LockoutStore;
  readonly routes?: readonly Route[];
  /** Where the pages are, without a slash at the end. */
  readonly mount?: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Headers;
  readonly form?: Fields;
  readonly raw?: object;
}

export const OPERATOR = { actor: 'carol', can: ['unblock', 'block', 'export', 'erase'] } as const;

export class AdminDesk {
  readonly clock = new ManualClock();
  readonly lockout: Lockout;
  readonly core: AdminCore;
  /** What `admin.close()` aborts. */
  readonly closing = new AbortController();
  /** What was answered with 500. */
  readonly errors: unknown[] = [];
  readonly #mount: string;

  constructor({ lockout, store, routes = ROUTES, mount = '', ...options }: DeskOptions = {}) {
    this.lockout = new Lockout({ store: store ?? new MemoryStore({ clock: this.clock.read }), ...lockout });
    const resolved = resolveAdminOptions({ authorize: () => OPERATOR, ...options });
    this.core = new AdminCore(this.lockout, resolved, routes, (error) => this.errors.push(error), this.closing.signal);
    this.#mount = mount;
  }

  /** @param target - a path below the base, and a query */
  async send(target: string, { method = 'GET', headers = {}, form = {}, raw = {} }: Sent = {}): Promise<AdminResponse> {
    const url = new URL(target, 'http://admin.example.com');
    return this.core.handle({
      method,
      path: url.pathname,
      basePath: this.#mount,
      query: url.searchParams,
      header: (name) => headers[name],
      readForm: async () => toForm(form),
      raw,
      signal: new AbortController().signal,
    });
  }

  async get(target: string, headers: Headers = {}): Promise<string> {
    return String((await this.send(target, { headers })).body);
  }

  /** Sends a form as a browser does from one of the pages. */
  async post(target: string, form: Fields, headers: Headers = OWN_FORM): Promise<AdminResponse> {
    return this.send(target, { method: 'POST', form, headers });
  }

  /** Follows the redirect after a form; the mount is cut off. */
  async follow({ headers }: AdminResponse): Promise<string> {
    return this.get((headers['Location'] as string).slice(this.#mount.length));
  }

  async close(): Promise<void> {
    await this.lockout.close();
  }
}

export function toForm(fields: Fields): URLSearchParams {
  const pairs = Symbol.iterator in fields ? fields : Object.entries(fields);
  return new URLSearchParams(pairs.map(([name, value]) => [name, value]));
}

/** The texts of a page without its markup. */
export function textOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** The values of an attribute, in the order of the page, unescaped. */
export function valuesOf(html: string, attribute: string): readonly string[] {
  return [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => textOf(value));
}
