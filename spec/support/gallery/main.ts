/**
 * Shows how the admin pages look: `node .build/spec/support/gallery/main.js FOLDER [NAME...]` writes each page with rich data into
 * the folder, takes pictures of it (narrow and wide, light and dark, forced colours, 200 % zoom), and prints what is wrong.
 */
import { join } from 'node:path';
import { eachPage, faultsOf, LOOKS, startBrowser, writePages } from './look.js';
import { GALLERY } from './pages.js';

const [folder = 'gallery', ...names] = process.argv.slice(2);
const pages = names.length === 0 ? GALLERY : GALLERY.filter(({ name }) => names.includes(name));
await writePages(folder, pages);
const browser = await startBrowser();
try {
  for (const look of LOOKS) {
    await eachPage(browser, folder, pages, look, async (page, name) => {
      await page.screenshot({ path: join(folder, `${name}.${look.name}.png`), fullPage: true });
      for (const fault of await faultsOf(page, look)) console.log(`${name}.${look.name}: ${fault}`);
    });
  }
} finally {
  await browser.close();
}
