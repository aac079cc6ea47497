/** The page Now in a real browser, while a real attack on a real login page goes on. */
import { expect } from 'chai';
import express from 'express';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Admin, createAdmin } from '../../../../lib/admin/index.js';
import { faultsOf, LOOKS, startBrowser } from '../../../support/gallery/look.js';
import { OPERATOR } from '../../../support/sites/admin-desk.js';
import { describeBrowser } from '../../../support/sites/chromium.js';
import { LoginSite, onMemoryStore } from '../../../support/sites/login-site.js';
import { until } from '../../../support/tools/until.js';

const ATTACKER = '198.51.100.9';

describeBrowser('The page Now in a browser', () => {
  let browser: Browser;
  let site: LoginSite;
  let admin: Admin;
  let complaints: string[];

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  beforeEach(async () => {
    complaints = [];
    site = await LoginSite.open(
      onMemoryStore(),
      {},
      {
        before: (lockout) => {
          admin = createAdmin(lockout, { authorize: () => OPERATOR });
          return [express.Router().use('/admin', admin as never)];
        },
      },
    );
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    admin.close();
    await site.close();
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${site.app.url}/admin/`);
    return page;
  }

  async function openLive(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(options);
    await page.getByText('Live', { exact: true }).waitFor();
    return page;
  }

  const lockedRow = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Table: Locks that end next' }).getByRole('row').filter({ hasText: name });

  it('shows a lock by itself, from which the user is freed and logs in', async () => {
    const page = await openLive();
    await page.getByText('Nobody is locked').waitFor();
    await page.evaluate('window.isSamePage = true');

    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    await lockedRow(page, 'alice').waitFor();
    expect((await site.logIn({ user: 'alice' })).status).to.equal(429);
    expect(await page.evaluate('window.isSamePage')).to.equal(true);
    expect(await page.getByRole('navigation', { name: 'Pages' }).innerText()).to.match(/Blocked\s+1\s+locked/);

    await lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('Unblocked username=alice').waitFor();
    expect((await site.logIn({ user: 'alice' })).status).to.equal(200);
    expect(complaints).to.deep.equal([]);
  });

  it('keeps the focus and what is open while it changes', async () => {
    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const page = await openLive();
    await page.getByText('Show as a table').click();
    const link = lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' });
    await link.focus();

    await site.guess({ user: 'bob', ip: ATTACKER }, 3);
    await lockedRow(page, 'bob').waitFor();

    expect(await page.evaluate('document.activeElement.innerText')).to.equal(await link.innerText());
    expect(await page.evaluate('document.activeElement.closest("tr").dataset.key')).to.equal('username=alice');
    expect(await page.locator('details').first().getAttribute('open')).to.equal('');
    expect(complaints).to.deep.equal([]);
  });

  it('gives the focus to the next row when its own is gone', async () => {
    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    await site.guess({ user: 'bob', ip: ATTACKER }, 3);
    const page = await openLive();
    await lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' }).focus();

    await site.lockout.unblock({ username: 'alice' });
    await lockedRow(page, 'alice').waitFor({ state: 'detached' });

    const focused = await page.evaluate<string>('document.activeElement.closest("tr")?.dataset.key ?? ""');
    expect(focused).to.equal('username=bob');
  });

  it('stands still while it is paused', async () => {
    const page = await openLive();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const other = await openLive();
    await lockedRow(other, 'alice').waitFor();
    expect(await lockedRow(page, 'alice').count()).to.equal(0);

    await page.getByRole('button', { name: 'Resume' }).click();
    await lockedRow(page, 'alice').waitFor();
  });

  it('reads the headline to screen readers when it has changed, and not again within 30 seconds', async () => {
    const page = await open();
    await page.clock.install();
    await page.reload();
    const said = page.locator('[data-announcer]');
    await page.getByText('Live', { exact: true }).waitFor();
    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const sentence = page.getByRole('heading', { name: /^All is quiet: 3 logins/ });
    await sentence.waitFor();
    expect(await said.textContent()).to.equal('');
    await page.clock.fastForward(30_000);
    await page.waitForFunction('document.querySelector("[data-announcer]").textContent !== ""');
    expect(await said.textContent()).to.equal(await sentence.textContent());
  });

  it('works without a script', async () => {
    const page = await open({ javaScriptEnabled: false });
    await site.guess({ user: 'alice', ip: ATTACKER }, 3);
    expect(await page.getByRole('button', { name: 'Pause' }).count()).to.equal(0);
    // A snapshot is shown for a second.
    await until(async () => {
      await page.getByRole('link', { name: 'Reload' }).click();
      return (await lockedRow(page, 'alice').count()) > 0;
    });
    await lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' }).click();
    await page.getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('Unblocked username=alice').waitFor();
    expect(await page.getByText('Now', { exact: true }).first().isVisible()).to.equal(true);
  });

  for (const look of LOOKS) {
    it(`is accessible and no wider than its window under attack: ${look.name}`, async () => {
      await site.guess({ user: 'alice', ip: ATTACKER }, 3);
      await site.guess({ user: '<b>bob\u202e</b>', ip: '2001:db8:bad:cafe::1' }, 4);
      const page = await openLive({
        viewport: { width: look.width, height: 900 },
        deviceScaleFactor: look.scale,
        colorScheme: look.theme,
        forcedColors: look.isForced ? 'active' : 'none',
        bypassCSP: true,
      });
      expect(await faultsOf(page, look)).to.deep.equal([]);
    });
  }
});
