/**
 * Shows how the admin pages look: `node .build/spec/support/gallery/main.js FOLDER [NAME...]` writes each page with rich data into
 * the folder, takes pictures of it (narrow and wide, light and dark, forced colours, 200 % zoom), and prints what axe-core finds.
 */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { render } from 'preact-render-to-string';
import { GALLERY, type GalleryPage } from './pages.js';
import { Shell } from './shell.js';

const THEMES = ['light', 'dark'] as const;
const LOOKS = [
  { name: 'light-1440', theme: 'light', width: 1440, forced: false, scale: 1 },
  { name: 'dark-1440', theme: 'dark', width: 1440, forced: false, scale: 1 },
  { name: 'light-360', theme: 'light', width: 360, forced: false, scale: 2 },
  { name: 'dark-360', theme: 'dark', width: 360, forced: false, scale: 2 },
  { name: 'forced-1440', theme: 'dark', width: 1440, forced: true, scale: 1 },
  // What 200 % zoom makes of a window of 1,440 px.
  { name: 'zoom-720', theme: 'light', width: 720, forced: false, scale: 2 },
] as const;

interface Finding {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

async function writePages(folder: string, pages: readonly GalleryPage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile('lib/admin/assets/app.css', join(folder, 'app.css'));
  for (const { name, current, body } of pages) {
    for (const theme of THEMES) {
      const html = render(
        <Shell title={name} current={current} theme={theme}>
          {body}
        </Shell>,
      );
      await writeFile(join(folder, `${name}.${theme}.html`), `<!doctype html>${html}`);
    }
  }
}

async function findingsOf(page: Page, axe: string, isForced: boolean): Promise<readonly Finding[]> {
  await page.evaluate(axe);
  const options = {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // Forced colours are the user's own; axe-core compares those of the style sheet, which are not shown.
    rules: { 'color-contrast': { enabled: !isForced } },
  };
  const run = `axe.run(document, ${JSON.stringify(options)})`;
  return page.evaluate<Finding[]>(`${run}.then(({ violations }) => violations)`);
}

async function look(browser: Browser, folder: string, pages: readonly GalleryPage[]): Promise<number> {
  const axe = await readFile('node_modules/axe-core/axe.min.js', 'utf8');
  let count = 0;
  for (const { name: lookName, theme, width, forced, scale } of LOOKS) {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      deviceScaleFactor: scale,
      forcedColors: forced ? 'active' : 'none',
    });
    const page = await context.newPage();
    for (const { name } of pages) {
      await page.goto(pathToFileURL(join(folder, `${name}.${theme}.html`)).href);
      await page.screenshot({ path: join(folder, `${name}.${lookName}.png`), fullPage: true });
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (overflow > 0) console.log(`${name} ${lookName}: ${overflow} px too wide`);
      for (const { id, nodes } of await findingsOf(page, axe, forced)) {
        count += 1;
        console.log(`${name} ${lookName}: ${id}`);
        for (const { html } of nodes) console.log(`  ${html.slice(0, 120)}`);
      }
    }
    await context.close();
  }
  return count;
}

const [folder = 'gallery', ...names] = process.argv.slice(2);
const pages = names.length === 0 ? GALLERY : GALLERY.filter(({ name }) => names.includes(name));
await writePages(folder, pages);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  console.log(`axe-core: ${await look(browser, folder, pages)} findings`);
} finally {
  await browser.close();
}
