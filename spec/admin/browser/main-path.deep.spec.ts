/** What an operator under attack does, with the pages in a real browser, over each store. */
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, ATTACKER, rowOf } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';

describeBrowser('The admin pages in a browser', () => {
  let browser: Browser;
  let desk: AdminInBrowser;

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());
  afterEach(() => desk.close());

  describeOnEachStore('while an attack runs', (stores) => {
    it('show a lock by itself, free the user, take that back, and free them again, and the user logs in', async () => {
      desk = await AdminInBrowser.open(browser, stores, { lockCacheTtl: '0s' });
      const page = await desk.showLive();
      const answers = await desk.site.statuses(3, { user: 'alice', ip: ATTACKER });
      expect(answers).to.deep.equal([401, 401, 429]);

      await rowOf(page, 'username=alice', 'Locks that end next').getByRole('link', { name: 'Unblock' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('called us');
      await dialog.getByRole('button', { name: 'Unblock' }).click();
      await page.getByText('Unblocked username=alice').waitFor();

      desk.site.clock.advance({ seconds: 1 });
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('username=alice is locked again').waitFor();
      expect((await desk.site.logIn({ user: 'alice' })).status).to.equal(429);

      desk.site.clock.advance({ seconds: 1 });
      await page.goto(`${desk.url}/blocked`);
      await rowOf(page, 'username=alice').getByRole('link', { name: 'Unblock' }).click();
      await dialog.getByRole('button', { name: 'Unblock' }).click();
      await page.getByText('Unblocked username=alice').waitFor();
      expect((await desk.site.logIn({ user: 'alice' })).status).to.equal(200);

      const { items } = await desk.site.lockout.activity();
      expect(items.map(({ action, by, reason }) => [action, by, reason])).to.deep.equal([
        ['unblock', 'carol', null],
        ['undo', 'carol', null],
        ['unblock', 'carol', 'called us'],
        ['look', 'carol', null],
      ]);
      expect(desk.complaints).to.deep.equal([]);
    });

    it('do the same without a script', async () => {
      desk = await AdminInBrowser.open(browser, stores, { lockCacheTtl: '0s' });
      await desk.site.guess({ user: 'alice', ip: ATTACKER }, 3);
      const page = await desk.show('/blocked', { javaScriptEnabled: false });

      await rowOf(page, 'username=alice').getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Unblock selected' }).click();
      await page.getByRole('button', { name: 'Unblock' }).click();
      await page.getByText('Unblocked username=alice').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('username=alice is locked again').waitFor();
      await rowOf(page, 'username=alice').getByRole('link', { name: 'Unblock' }).click();
      await page.getByRole('button', { name: 'Unblock' }).click();
      await page.getByText('Unblocked username=alice').waitFor();
      expect((await desk.site.logIn({ user: 'alice' })).status).to.equal(200);
    });
  });
});
