/** The admin pages beside a login page, over real HTTP, in a real browser that notes what it complains about. */
import { EventEmitter } from 'node:events';
import express, { type RequestHandler } from 'express';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { AdminViewer } from '../../../lib/admin/core/authorize.js';
import { type Admin, createAdmin } from '../../../lib/admin/index.js';
import type { LockoutOptions } from '../../../lib/index.js';
import type { FreshStores } from '../stores/each-store.js';
import { OPERATOR } from './admin-desk.js';
import { LoginSite } from './login-site.js';

export const ATTACKER = '198.51.100.9';
/** Where the pages are on the site. */
const MOUNT = '/admin';

interface Answers {
  form: [path: string, status: number];
}

export class AdminInBrowser {
  readonly site: LoginSite;
  /** Errors on the console and in scripts, of all windows. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #admin: Admin;
  readonly #answers: EventEmitter<Answers>;

  private constructor(browser: Browser, site: LoginSite, admin: Admin, answers: EventEmitter<Answers>) {
    this.#browser = browser;
    this.site = site;
    this.#admin = admin;
    this.#answers = answers;
  }

  static async open(
    browser: Browser,
    stores: FreshStores,
    { viewer = OPERATOR, ...options }: LockoutOptions & { readonly viewer?: AdminViewer } = {},
  ): Promise<AdminInBrowser> {
    let admin: Admin | undefined;
    const answers = new EventEmitter<Answers>();
    const note: RequestHandler = (req, res, next) => {
      const { method, path } = req;
      if (method === 'POST') res.on('finish', () => answers.emit('form', path, res.statusCode));
      next();
    };
    const site = await LoginSite.open(stores, options, {
      before: (lockout) => {
        admin = createAdmin(lockout, { authorize: () => viewer });
        return [express.Router().use(MOUNT, note, admin as never)];
      },
    });
    return new AdminInBrowser(browser, site, admin as Admin, answers);
  }

  get url(): string {
    return `${this.site.app.url}${MOUNT}`;
  }

  /**
   * The status of the next answer to a form, as the server gave it: what frames of other processes send, the browser may not tell.
   *
   * @param path - below the pages
   */
  async answerTo(path: string): Promise<number> {
    return new Promise((resolve) => {
      this.#answers.on('form', (given, status) => {
        if (given === path) resolve(status);
      });
    });
  }

  /** A window with cookies of its own. */
  async window(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.#browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    return page;
  }

  /** @param path - below the pages, with its query */
  async show(path = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.window(options);
    await page.goto(`${this.url}${path}`);
    return page;
  }

  /** The page Now, once it is kept up to date. */
  async showLive(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.show('/', options);
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }

  async close(): Promise<void> {
    await Promise.all(this.#browser.contexts().map((context) => context.close()));
    this.#admin.close();
    await this.site.close();
  }
}

/**
 * The row of a subject.
 *
 * @param key - such as `username=alice`
 * @param table - its caption, on a page with several
 */
export function rowOf(page: Page, key: string, table?: string): Locator {
  const place = table === undefined ? page : page.getByRole('region', { name: `Table: ${table}` });
  return place.locator(`tr[data-key=${JSON.stringify(key)}]`);
}
