/** Names that attackers choose, end to end: from the login over rows and links to the act that frees them. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, rowOf } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { onMemoryStore } from '../../support/sites/login-site.js';

const NAMES: Readonly<Record<string, string>> = {
  markup: '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  'an attribute that ends': '" onmouseover="window.hacked=1" x="',
  'a plus sign and blanks': 'a+b c&d=e',
  slashes: '/../../a//b/./c\\d',
  'an encoded NUL': 'a%00b%2f..%2f',
  'a NUL': 'a\0b',
  'an end of line': 'a\r\nSet-Cookie: x=1',
  emoji: '👩‍👩‍👧😀',
  'a mark that reverses the text': 'alice\u202ecilbup',
  '255 characters': 'x'.repeat(255),
  'an escape of ours, typed': 'a\\u{202e}b',
  'a query and a fragment': '?key=username%3Dbob#main',
};
const ADDRESS = '2001:db8:bad:cafe::1';

describeBrowser('The admin pages in a browser, with names of attackers,', () => {
  let browser: Browser;
  let desk: AdminInBrowser;

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());
  beforeEach(async () => {
    desk = await AdminInBrowser.open(browser, onMemoryStore(), { lockCacheTtl: '0s' });
  });
  afterEach(async () => {
    expect(desk.complaints).to.deep.equal([]);
    await desk.close();
  });

  /** From the row over the page of the subject; returns the text of its heading. */
  async function freeByItsPage(page: Page, key: string): Promise<string> {
    await page.goto(`${desk.url}/blocked`);
    await rowOf(page, key).getByRole('rowheader').getByRole('link').click();
    await page.waitForURL(/\/subject\?/);
    const heading = await page.getByRole('heading', { level: 1 }).innerText();
    await page.getByRole('link', { name: 'Unblock', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
    await page.getByText(/^Unblocked /).waitFor();
    expect(await page.evaluate('window.hacked')).to.equal(undefined);
    expect(await page.locator('main img, main script').count()).to.equal(0);
    return heading;
  }

  async function lockedKey(): Promise<string> {
    const { items } = await desk.site.lockout.list();
    expect(items).to.have.length(1);
    return items[0]?.key ?? '';
  }

  for (const [what, user] of Object.entries(NAMES)) {
    it(`lead from the row to the subject and free it: ${what}`, async () => {
      await desk.site.guess({ user, ip: ADDRESS }, 3);
      expect((await desk.site.logIn({ user })).status).to.equal(429);
      const page = await desk.window();

      const heading = await freeByItsPage(page, await lockedKey());

      expect(heading).to.not.match(/[\u202a-\u202e\u2066-\u2069\0]/);
      expect((await desk.site.logIn({ user })).status).to.equal(200);
    });
  }

  it('lead from the row to the subject and free it: an IPv6 address', async () => {
    await desk.site.lockout.block({ ip: ADDRESS }, { for: 'forever' });
    expect((await desk.site.logIn({ user: 'alice', ip: ADDRESS })).status).to.equal(429);
    const page = await desk.window();

    expect(await freeByItsPage(page, await lockedKey())).to.include('2001:db8:bad:cafe::');
    expect((await desk.site.logIn({ user: 'alice', ip: ADDRESS })).status).to.equal(200);
  });

  it('show the attempts of exactly this name by a link of its row', async () => {
    const user = '<b>a+b</b>';
    await desk.site.guess({ user, ip: ADDRESS }, 1);
    await desk.site.guess({ user: 'a b', ip: ADDRESS }, 1);
    const page = await desk.show('/attempts');
    const row = page.getByRole('row').filter({ hasText: user });

    await row.getByRole('link', { name: `only ${user}` }).click();
    await page.waitForURL(/username=/);

    expect(await page.locator('tbody tr').count()).to.equal(1);
  });
});
