/** Filters, pages, exports and what a read-only viewer is offered, in a real browser. */
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import sinon from 'sinon';
import { bulkJobsOf } from '../../../lib/admin/pages/blocked/bulk-jobs.js';
import { startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, ATTACKER, rowOf } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { onMemoryStore } from '../../support/sites/login-site.js';
import { GatedResets } from '../../support/stores/gated-resets.js';
import { until } from '../../support/tools/until.js';

const READER = { actor: 'dave', can: [] } as const;
/** What changes something, on any page. Choosing a theme is the viewer's own affair. */
const ACTS = 'form[method="post"]:not([action$="/theme"]), a[data-dialog], a[href*="/unblock"], a[href*=".csv"]';

describeBrowser('The lists of the admin pages in a browser', () => {
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

  async function block(names: readonly string[]): Promise<void> {
    for (const username of names) await desk.site.lockout.block({ username }, { for: 'forever', by: 'carol' });
  }

  async function keysIn(page: Page): Promise<readonly string[]> {
    return page.locator('tr[data-key]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-key') ?? ''));
  }

  it('filter locked subjects by their name, and show all again', async () => {
    await block(['alice', 'bob']);
    const page = await desk.show('/blocked');
    await page.getByLabel('Username', { exact: true }).fill('bob');
    await page.getByRole('button', { name: 'Filter' }).click();
    await rowOf(page, 'username=alice').waitFor({ state: 'detached' });
    expect(await keysIn(page)).to.deep.equal(['username=bob']);

    await page.getByRole('link', { name: 'Clear' }).click();
    await rowOf(page, 'username=alice').waitFor();
    expect(desk.complaints).to.deep.equal([]);
  });

  it('show every locked subject once, page by page', async () => {
    const names = Array.from({ length: 120 }, (_, number) => `user${number}`);
    await block(names);
    const page = await desk.show('/blocked');
    const seen = [...(await keysIn(page))];
    const next = page.getByRole('link', { name: /^Next page/ });
    while ((await next.count()) > 0) {
      await next.click();
      seen.push(...(await keysIn(page)));
    }
    expect(seen).to.have.members(names.map((name) => `username=${name}`));
  });

  it('filter attempts, and export what is shown as a file', async () => {
    await desk.site.guess({ user: 'alice', ip: ATTACKER }, 2);
    await desk.site.guess({ user: '=cmd|calc', ip: ATTACKER }, 1);
    await desk.site.logIn({ user: 'bob' });
    const page = await desk.show('/attempts');
    await page.getByLabel('Outcome').selectOption('failed');
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.waitForURL(/outcome=failed/);
    const rows = page.getByRole('region', { name: /^Table: / }).locator('tbody tr');
    expect(await rows.count()).to.equal(3);

    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export CSV' }).click();
    const file = await download;
    const text = await readFile(await file.path(), 'utf8');
    expect(file.suggestedFilename()).to.match(/\.csv$/);
    expect(text.match(/"alice"/g)).to.have.length(2);
    expect(text).to.include(`"'=cmd|calc"`).and.not.include('"bob"');
    expect(desk.complaints).to.deep.equal([]);
  });

  it('unblock all that match, show how far that is, and stop it', async () => {
    await desk.close();
    let gate: GatedResets | undefined;
    const fresh = (clock: () => number = Date.now) => {
      gate = new GatedResets(clock);
      return gate.store;
    };
    desk = await AdminInBrowser.open(browser, { isLogCapped: false, fresh });
    for (let number = 0; number < 40; number += 1) {
      const attempt = { username: `user${number}`, ip: `203.0.113.${number}` };
      for (const guess of ['a', 'b', 'c']) await desk.site.lockout.protect(attempt, () => false, { guess });
    }
    const page = await desk.show('/blocked');
    await page.getByRole('link', { name: /^Unblock all/ }).click();
    await page.getByLabel('Reason').fill('a false alarm');
    await page.getByRole('button', { name: 'Unblock all' }).click();

    await page.getByText('Unblocked 0 subjects').waitFor();
    // So many are freed at once.
    gate?.give(16);
    await page.getByText('Unblocked 16 subjects').waitFor();
    const stop = sinon.spy(bulkJobsOf(desk.site.lockout), 'stop');
    const isClicked = page.getByRole('button', { name: 'Stop' }).click();
    await until(() => stop.called, 'the server is asked to stop');
    // Those that are being freed are freed, and none after them.
    gate?.give(40);
    await isClicked;
    await page.getByRole('heading', { name: 'Stopped' }).waitFor();

    expect((await desk.site.lockout.list()).items).to.have.length(8);
    expect(desk.complaints).to.deep.equal([]);
  });

  it('offer a read-only viewer nothing, and refuse what is sent all the same', async () => {
    await desk.close();
    desk = await AdminInBrowser.open(browser, onMemoryStore(), { viewer: READER });
    await block(['alice']);
    for (const path of ['/', '/blocked', '/attempts', '/subject?key=username%3Dalice', '/activity', '/settings']) {
      const page = await desk.show(path);
      expect(await page.locator(ACTS).count(), path).to.equal(0);
    }
    const page = await desk.show('/blocked');
    const status = await page.evaluate<number>(
      `fetch('unblock', { method: 'POST', body: new URLSearchParams({ key: 'username=alice' }) }).then(({ status }) => status)`,
    );
    expect(status).to.equal(403);
    expect((await desk.site.lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect((await page.goto(`${desk.url}/attempts.csv`))?.status()).to.equal(403);
  });
});
