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

export class AdminSite {
  readonly lockout: Lockout;
  /** How many calls of the store there were. */
  calls = 0;
  readonly #admin: Admin;
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(store: LockoutStore) {
    this.lockout = new Lockout({ store: this.#counted(store) });
    this.#admin = createAdmin(this.lockout, { authorize: () => ({ actor: 'carol', can: CAN }) });
    this.#server = createServer(this.#admin);
  }

  static async open(store: LockoutStore): Promise<AdminSite> {
    const site = new AdminSite(store);
    await new Promise<void>((resolve) => site.#server.listen(0, '127.0.0.1', resolve));
    return site;
  }

  /** Milliseconds until the first byte of the answer; throws if the page is not what was asked for. */
  async firstByte({ path, form, isNext = false, isKept = false }: Opened): Promise<number> {
    const from = isNext ? await this.#nextOf(path) : path;
    if (isKept) await pause(SNAPSHOT_MS);
    const { ms, response } = await this.#ask(from, form);
    response.resume();
    if (response.statusCode !== 200) throw new Error(`${from} answered ${response.statusCode}`);
    return ms;
  }

  /** Calls of the store within a time while so many people watch Now. */
  async callsWatchedBy(viewers: number, ms: number): Promise<number> {
    const streams = await Promise.all(Array.from({ length: viewers }, () => this.#ask('/live?span=hour')));
    for (const { response } of streams) response.on('error', ignoreEnd).resume();
    await pause(SNAPSHOT_MS);
    const before = this.calls;
    await pause(ms);
    const made = this.calls - before;
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
          this.calls += 1;
          return value.apply(of, args);
        };
      },
    });
  }
}

/** A stream that is left ends with an error. */
function ignoreEnd(): void {
  // It was ended here.
}
