/** Pages of the gallery as files, opened in a browser as people see them. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { render } from 'preact-render-to-string';
import { Layout } from '../../../lib/admin/view/layout.js';
import type { GalleryPage } from './pages.js';

const ASSETS = ['app.css', 'app.js', 'favicon.svg'];
const THEMES = ['light', 'dark'] as const;

export interface Look {
  readonly name: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly isForced: boolean;
  readonly scale: number;
}

export const LOOKS: readonly Look[] = [
  { name: 'light-1440', theme: 'light', width: 1440, isForced: false, scale: 1 },
  { name: 'dark-1440', theme: 'dark', width: 1440, isForced: false, scale: 1 },
  { name: 'light-360', theme: 'light', width: 360, isForced: false, scale: 2 },
  { name: 'dark-360', theme: 'dark', width: 360, isForced: false, scale: 2 },
  { name: 'forced-1440', theme: 'dark', width: 1440, isForced: true, scale: 1 },
  // What 200 % zoom makes of a window of 1,440 px.
  { name: 'zoom-720', theme: 'light', width: 720, isForced: false, scale: 2 },
];

const NAV = [
  { href: '/', label: 'Now', icon: 'pulse' },
  { href: '/blocked', label: 'Blocked', icon: 'lock', locked: { count: 37, isAtLeast: false } },
  { href: '/attempts', label: 'Attempts', icon: 'list' },
  { href: '/activity', label: 'Activity', icon: 'history' },
  { href: '/settings', label: 'Settings', icon: 'settings' },
] as const;

/** The whole page, with links to files beside it. */
export function documentOf({ title, heading, current, at, body }: GalleryPage, theme: Look['theme']): string {
  const page = (
    <Layout
      title={title}
      heading={heading}
      nav={NAV.map((item) => ({ ...item, isCurrent: item.href === current }))}
      actor="ops@example.com"
      theme={theme}
      themeAction="/theme"
      here={current}
      assets={{ css: 'app.css', js: 'app.js', icon: 'favicon.svg' }}
      asOf={new Date(at)}
      reload={current}
    >
      {body}
    </Layout>
  );
  return `<!doctype html>${render(page)}`;
}

export async function writePages(folder: string, pages: readonly GalleryPage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ASSETS) await copyFile(join('lib/admin/assets', name), join(folder, name));
  for (const page of pages) {
    for (const theme of THEMES) {
      await writeFile(join(folder, `${page.name}.${theme}.html`), documentOf(page, theme));
    }
  }
}

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** Opens each page in turn, and closes the window at the end. */
export async function eachPage(
  browser: Browser,
  folder: string,
  pages: readonly GalleryPage[],
  look: Look,
  visit: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    deviceScaleFactor: look.scale,
    forcedColors: look.isForced ? 'active' : 'none',
  });
  const page = await context.newPage();
  for (const { name } of pages) {
    await page.goto(pathToFileURL(join(folder, `${name}.${look.theme}.html`)).href);
    await visit(page, name);
  }
  await context.close();
}

/** What is wrong with the page: findings of axe-core, and a page that is wider than its window. */
export async function faultsOf(page: Page, { isForced }: Look): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    // Forced colours are the user's own; axe-core compares those of the style sheet, which are not shown.
    rules: { 'color-contrast': { enabled: !isForced } },
  };
  const findings = await page.evaluate<string[]>(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 160))))`,
  );
  const excess = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  return excess > 0 ? [...findings, `${excess} px too wide`] : findings;
}
