/** Every page of the table of routes in a real browser: accessible in each look, and without a complaint of the browser. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { ROUTES } from '../../../lib/admin/core/routes.js';
import { faultsOf, LOOKS, startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, ATTACKER } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { onMemoryStore } from '../../support/sites/login-site.js';

const ALICE = 'key=username%3Dalice';
/** What opens each page; a path may be opened in several ways. */
const PATHS: readonly string[] = [
  '/',
  '/blocked',
  '/blocked?username=nobody',
  '/unblock?key=username%3Dalice&key=username%3Dmallory',
  '/blocked/unblock-all',
  '/block',
  `/block?${ALICE}`,
  '/attempts',
  '/attempts?group=ip',
  '/attempts?outcome=succeeded&username=nobody',
  '/subject',
  `/subject?${ALICE}`,
  `/subject?key=ip%3D${ATTACKER}`,
  '/subject?username=%3Cb%3E',
  `/subject/forget?${ALICE}`,
  `/subject/revoke?${ALICE}`,
  `/subject/erase?${ALICE}`,
  '/activity',
  '/activity?by=nobody',
  '/settings',
];
/** Answered with a status at which the browser complains. */
const REFUSED_PATHS = ['/nothing', '/subject?key=nonsense', '/blocked?cursor=nonsense'];
/** Not pages. */
const NOT_PAGES = ['/live', '/attempts.csv', '/attempts.jsonl', '/activity.csv', '/activity.jsonl'];
/** Only a form leads there: how far a bulk act is. */
const PROGRESS = '/blocked/bulk';

describeBrowser('Each of the admin pages in a browser', () => {
  let browser: Browser;
  let desk: AdminInBrowser;

  before(async () => {
    browser = await startBrowser();
    desk = await AdminInBrowser.open(browser, onMemoryStore(), {
      secret: 'a secret of more than 32 characters, for devices',
    });
    const { site } = desk;
    await site.logIn({ user: 'alice', ip: '203.0.113.5' });
    for (const user of ['alice', '<b>bob\u202e</b>', 'x'.repeat(255)]) await site.guess({ user, ip: ATTACKER }, 3);
    await site.lockout.block({ username: 'mallory' }, { for: '1d', by: 'carol', reason: 'left "us" '.repeat(12) });
    await site.lockout.block({ ip: '2001:db8:bad:cafe::1' }, { for: 'forever', by: 'carol' });
    await site.lockout.unblock({ username: 'nobody' }, { by: 'carol', reason: 'called' });
  });
  after(async () => {
    await desk.close();
    await browser.close();
  });

  it('is visited here', () => {
    const pages = ROUTES.filter(({ method, path }) => method === 'GET' && !NOT_PAGES.includes(path));
    const visited = PATHS.map((path) => path.replace(/\?.*/, ''));

    expect([...new Set([...visited, PROGRESS])]).to.have.members(pages.map(({ path }) => path));
  });

  /** A page that only a form leads to: whom a block would hit. */
  async function preview(page: Page): Promise<void> {
    await page.goto(`${desk.url}/block`);
    await page.getByLabel('Address').fill('203.0.113.0');
    await page.getByLabel('Reason').fill('guesses');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.waitForURL(/preview/);
  }

  async function freeNobody(page: Page): Promise<void> {
    await page.goto(`${desk.url}/blocked/unblock-all?ip=2001:db8:bad:cafe::1`);
    await page.getByLabel('Reason').fill('bulk');
    await page.getByRole('button', { name: 'Unblock all' }).click();
    await page.waitForURL(new RegExp(PROGRESS));
  }

  it('runs under its policy without a complaint of the browser, with and without a script', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await desk.window({ javaScriptEnabled });
      for (const path of PATHS) {
        const response = await page.goto(`${desk.url}${path}`, { waitUntil: 'load' });
        expect(response?.status(), path).to.equal(200);
        expect(desk.complaints, path).to.deep.equal([]);
      }
      await preview(page);
      await freeNobody(page);
      await page.context().close();
    }
    expect(desk.complaints).to.deep.equal([]);
  });

  for (const look of LOOKS) {
    it(`is accessible and no wider than its window: ${look.name}`, async () => {
      const page = await desk.window({
        viewport: { width: look.width, height: 900 },
        deviceScaleFactor: look.scale,
        colorScheme: look.theme,
        forcedColors: look.isForced ? 'active' : 'none',
        // For axe-core, which is put into the page.
        bypassCSP: true,
      });
      const faults: string[] = [];
      const examine = async (path: string) => {
        for (const fault of await faultsOf(page, look)) faults.push(`${path}: ${fault}`);
      };
      for (const path of [...PATHS, ...REFUSED_PATHS]) {
        await page.goto(`${desk.url}${path}`);
        await examine(path);
      }
      await preview(page);
      await examine('the preview of a block');
      await freeNobody(page);
      await examine(PROGRESS);
      await page.context().close();
      expect(faults).to.deep.equal([]);
    });
  }
});
