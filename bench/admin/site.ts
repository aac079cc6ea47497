/** The admin pages over a store, on the loopback, and what asks them. */
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Admin, createAdmin } from '../../lib/admin/index.js';
import { Lockout } from '../../lib/index.js';
import type { LockoutStore } from '../../lib/stores/store.js';
import type { Opened } from './pages.js';

/** For how long a snapshot of Now is shown, and a little more. */
const SNAPSHOT_MS = 1_050;
const CAN = ['unblock', 'block', 'export', 'erase'] as const;

interface Call {
  readonly name: string;
  readonly ms: number;
}

export interface Answered {
  /** Milliseconds until the first byte of the answer. */
  readonly ms: number;
  readonly isFailed: boolean;
  /** Calls of the store for this page. */
  readonly calls: number;
  readonly slowest: Call | undefined;
}

export class AdminSite {
  readonly lockout: Lockout;
  /** Calls of the store since this was last emptied. */
  #calls: Call[] = [];
  readonly #admin: Admin;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(store: LockoutStore) {
    this.lockout = new Lockout({ store: this.#counted(store) });
    this.#admin = createAdmin(this.lockout, { authorize: () => ({ actor: 'carol', can: CAN }) });
    this.#server = createServer(this.#admin);
  }

  static async start(store: LockoutStore): Promise<AdminSite> {
    const site = new AdminSite(store);
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  /** Opens a page. One that the store is too slow for is an error page, and counts as over. */
  async open({ path, form, isNext = false, isKept = false }: Opened): Promise<Answered> {
    const from = isNext ? await this.#nextOf(path) : path;
    if (isKept) await pause(SNAPSHOT_MS);
    this.#calls = [];
    const { ms, response } = await this.#ask(from, form);
    for await (const _ of response);
    const { statusCode } = response;
    if (statusCode !== 200 && statusCode !== 503) throw new Error(`${from} answered ${statusCode}`);
    const [slowest] = this.#calls.toSorted((a, b) => b.ms - a.ms);
    return { ms, isFailed: statusCode === 503, calls: this.#calls.length, slowest };
  }

  /** Calls of the store within a time while so many people watch Now. */
  async callsWatchedBy(viewers: number, ms: number): Promise<number> {
    const streams = await Promise.all(Array.from({ length: viewers }, () => this.#ask('/live?span=hour')));
    for (const { response } of streams) response.on('error', ignoreEnd).resume();
    await pause(SNAPSHOT_MS);
    this.#calls = [];
    await pause(ms);
    const made = this.#calls.length;
    for (const { response } of streams) response.destroy();
    return made;
  }

  async close(): Promise<void> {
    this.#admin.close();
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
    await this.lockout.close();
  }

  async #nextOf(path: string): Promise<string> {
    const { response } = await this.#ask(path);
    // Too slow already, and so is what follows.
    if (response.statusCode === 503) return path;
    const page = (await response.setEncoding('utf8').toArray()).join('');
    const [, href = ''] = /href="([^"]*[?&;]cursor=[^"]*)"/.exec(page) ?? [];
    if (href === '') throw new Error(`${path} has no second page`);
    return href.replaceAll('&amp;', '&');
  }

  #ask(path: string, form?: Opened['form']): Promise<{ readonly ms: number; readonly response: IncomingMessage }> {
    const { port } = this.#server.address() as AddressInfo;
    const method = form ? 'POST' : 'GET';
    const headers = form && { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    return new Promise((resolve, reject) => {
      const startedAt = performance.now();
      request({ host: '127.0.0.1', port, path, method, agent: this.#agent, ...(headers && { headers }) })
        .on('response', (response) => resolve({ ms: performance.now() - startedAt, response }))
        .on('error', reject)
        .end(form && new URLSearchParams(form).toString());
    });
  }

  #counted<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (of, name) => {
        const value: unknown = Reflect.get(of, name, of);
        if (typeof value === 'object' && value !== null && String(name).endsWith('Log')) return this.#counted(value);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]) => {
          const startedAt = performance.now();
          const end = () => this.#calls.push({ name: String(name), ms: performance.now() - startedAt });
          const result: unknown = value.apply(of, args);
          if (result instanceof Promise) result.then(end, end);
          else end();
          return result;
        };
      },
    });
  }
}

/** A stream that is left ends with an error. */
function ignoreEnd(): void {
  // It was ended here.
}
