/** The page Now in a real browser, while a real attack on a real login page goes on. */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { faultsOf, LOOKS, startBrowser } from '../../../support/gallery/look.js';
import { AdminInBrowser, ATTACKER } from '../../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../../support/sites/chromium.js';
import { onMemoryStore } from '../../../support/sites/login-site.js';
import { until } from '../../../support/tools/until.js';

describeBrowser('The page Now in a browser', () => {
  let browser: Browser;
  let desk: AdminInBrowser;

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());

  beforeEach(async () => {
    desk = await AdminInBrowser.open(browser, onMemoryStore());
  });
  afterEach(() => desk.close());

  const lockedRow = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Table: Locks that end next' }).getByRole('row').filter({ hasText: name });

  it('shows a lock by itself, from which the user is freed and logs in', async () => {
    const page = await desk.showLive();
    await page.getByText('Nobody is locked').waitFor();
    await page.evaluate('window.isSamePage = true');

    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
    await lockedRow(page, 'alice').waitFor();
    expect((await desk.site.logIn({ user: 'alice' })).status).to.equal(429);
    expect(await page.evaluate('window.isSamePage')).to.equal(true);
    expect(await page.getByRole('navigation', { name: 'Pages' }).innerText()).to.match(/Blocked\s+1\s+locked/);

    await lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('Unblocked username=alice').waitFor();
    expect((await desk.site.logIn({ user: 'alice' })).status).to.equal(200);
    expect(desk.complaints).to.deep.equal([]);
  });

  it('keeps the focus and what is open while it changes', async () => {
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const page = await desk.showLive();
    await page.getByText('Show as a table').click();
    const link = lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' });
    await link.focus();

    await desk.site.guess({ user: 'bob', ip: ATTACKER }, 3);
    await lockedRow(page, 'bob').waitFor();

    expect(await page.evaluate('document.activeElement.innerText')).to.equal(await link.innerText());
    expect(await page.evaluate('document.activeElement.closest("tr").dataset.key')).to.equal('username=alice');
    expect(await page.locator('details').first().getAttribute('open')).to.equal('');
    expect(desk.complaints).to.deep.equal([]);
  });

  it('gives the focus to the next row when its own is gone', async () => {
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
    await desk.site.guess({ user: 'bob', ip: ATTACKER }, 3);
    const page = await desk.showLive();
    await lockedRow(page, 'alice').getByRole('link', { name: 'Unblock' }).focus();

    await desk.site.lockout.unblock({ username: 'alice' });
    await lockedRow(page, 'alice').waitFor({ state: 'detached' });

    const focused = await page.evaluate<string>('document.activeElement.closest("tr")?.dataset.key ?? ""');
    expect(focused).to.equal('username=bob');
  });

  it('stands still while it is paused', async () => {
    const page = await desk.showLive();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const other = await desk.showLive();
    await lockedRow(other, 'alice').waitFor();
    expect(await lockedRow(page, 'alice').count()).to.equal(0);

    await page.getByRole('button', { name: 'Resume' }).click();
    await lockedRow(page, 'alice').waitFor();
  });

  it('reads the headline to screen readers when it has changed, and not again within 30 seconds', async () => {
    const page = await desk.show();
    await page.clock.install();
    await page.reload();
    const said = page.locator('[data-announcer]');
    await page.getByText('Live', { exact: true }).waitFor();
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
    const sentence = page.getByRole('heading', { name: /^All is quiet: 3 logins/ });
    await sentence.waitFor();
    expect(await said.textContent()).to.equal('');
    await page.clock.fastForward(30_000);
    await page.waitForFunction('document.querySelector("[data-announcer]").textContent !== ""');
    expect(await said.textContent()).to.equal(await sentence.textContent());
  });

  it('works without a script', async () => {
    const page = await desk.show('/', { javaScriptEnabled: false });
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
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
      await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
      await desk.site.guess({ user: '<b>bob\u202e</b>', ip: '2001:db8:bad:cafe::1' }, 4);
      const page = await desk.showLive({
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
