/** The admin pages beside a login page, over real HTTP, in a real browser that notes what it complains about. */
import express from 'express';
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

export class AdminInBrowser {
  readonly site: LoginSite;
  /** Errors on the console and in scripts, of all windows. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #admin: Admin;

  private constructor(browser: Browser, site: LoginSite, admin: Admin) {
    this.#browser = browser;
    this.site = site;
    this.#admin = admin;
  }

  static async open(
    browser: Browser,
    stores: FreshStores,
    { viewer = OPERATOR, ...options }: LockoutOptions & { readonly viewer?: AdminViewer } = {},
  ): Promise<AdminInBrowser> {
    let admin: Admin | undefined;
    const site = await LoginSite.open(stores, options, {
      before: (lockout) => {
        admin = createAdmin(lockout, { authorize: () => viewer });
        return [express.Router().use(MOUNT, admin as never)];
      },
    });
    return new AdminInBrowser(browser, site, admin as Admin);
  }

  get url(): string {
    return `${this.site.app.url}${MOUNT}`;
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
