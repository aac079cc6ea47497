/** The pages with rich data in a real browser, in each look that people may have. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { eachPage, faultsOf, LOOKS, startBrowser, writePages } from '../../support/gallery/look.js';
import { GALLERY } from '../../support/gallery/pages.js';
import { describeBrowser } from '../../support/sites/chromium.js';

describeBrowser('admin pages with rich data', () => {
  let browser: Browser;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passport-lockout-gallery-'));
    await writePages(folder, GALLERY);
    browser = await startBrowser();
  });

  after(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  for (const look of LOOKS) {
    it(`are accessible and no wider than their window: ${look.name}`, async () => {
      const faults: string[] = [];
      await eachPage(browser, folder, GALLERY, look, async (page, name) => {
        for (const fault of await faultsOf(page, look)) faults.push(`${name}: ${fault}`);
      });
      expect(faults).to.deep.equal([]);
    });
  }
});
