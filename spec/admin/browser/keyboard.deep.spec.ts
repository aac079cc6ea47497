/** The admin pages with the keyboard alone. */
import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, ATTACKER, rowOf } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { onMemoryStore } from '../../support/sites/login-site.js';

/** More than any of the pages here has. */
const MOST_STOPS = 80;

describeBrowser('The admin pages, with a keyboard alone,', () => {
  let browser: Browser;
  let desk: AdminInBrowser;

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());
  beforeEach(async () => {
    desk = await AdminInBrowser.open(browser, onMemoryStore(), { lockCacheTtl: '0s' });
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
  });
  afterEach(async () => {
    expect(desk.complaints).to.deep.equal([]);
    await desk.close();
  });

  const hasFocus = async (page: Page, target: Locator) => (await target.and(page.locator(':focus')).count()) === 1;

  /** Presses Tab until the element has the focus, which must be seen. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    await target.waitFor();
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      await page.keyboard.press('Tab');
      if (await hasFocus(page, target)) {
        const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
        expect(outline, 'how the focus is shown').to.not.equal('none');
        return;
      }
    }
    throw new Error(`${MOST_STOPS} times Tab did not lead to ${target}`);
  }

  it('free a subject and take that back', async () => {
    const page = await desk.show('/blocked');
    await tabTo(page, rowOf(page, 'username=alice').getByRole('link', { name: 'Unblock' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Unblock' }));
    await page.keyboard.press('Enter');
    await page.getByText('Unblocked username=alice').waitFor();
    expect((await desk.site.lockout.status({ username: 'alice' })).locked).to.equal(false);

    await tabTo(page, page.getByRole('button', { name: 'Undo' }));
    await page.keyboard.press('Enter');
    await page.getByText('username=alice is locked again').waitFor();
    expect((await desk.site.lockout.status({ username: 'alice' })).locked).to.equal(true);
  });

  it('give the focus back to what opened a dialog that Escape closes', async () => {
    const page = await desk.show('/blocked');
    const link = rowOf(page, 'username=alice').getByRole('link', { name: 'Unblock' });
    await tabTo(page, link);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    expect(await hasFocus(page, link)).to.equal(true);
  });

  it('skip the navigation', async () => {
    const page = await desk.show('/blocked');
    await tabTo(page, page.getByRole('link', { name: 'Skip to content' }));
    await page.keyboard.press('Enter');

    expect(await page.evaluate('document.activeElement.id')).to.equal('main');
  });
});
