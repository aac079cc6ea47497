/** `npm run screenshots`: takes the pictures of the documents from examples/admin, light and dark. Fails if one is too large. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ExampleCopy } from '../sites/example-copy.js';
import { ExampleProcess } from '../sites/example-process.js';
import { REPOSITORY } from '../tools/package/repository.js';
import { startBrowser } from './look.js';

const FOLDER = join(REPOSITORY, 'docs', 'images');
const MAX_BYTES = 200_000;
const SIZE = { width: 1280, height: 880 };

const PAGES: Readonly<Record<string, string>> = {
  now: '/',
  blocked: '/blocked',
  attempts: '/attempts?outcome=failed',
  subject: '/subject?key=username%3Derin',
  activity: '/activity',
  settings: '/settings',
};

const copy = await ExampleCopy.create('admin');
const example = ExampleProcess.start(copy);
const browser = await startBrowser();
try {
  await mkdir(FOLDER, { recursive: true });
  const [, url = ''] = await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/);
  for (const theme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: SIZE, colorScheme: theme, timezoneId: 'UTC' });
    await context.request.post(`${url}/login`, { form: { username: 'carol', password: 'correct horse' } });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(`${url}/admin/lockout${path}`);
      if (path === '/') await page.getByText('Live', { exact: true }).waitFor();
      await take(page, `admin-${name}-${theme}.png`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await example.stop();
  await copy.remove();
}

async function take(page: Page, name: string): Promise<void> {
  const { byteLength } = await page.screenshot({ path: join(FOLDER, name), animations: 'disabled' });
  console.log(`docs/images/${name}: ${Math.ceil(byteLength / 1000)} kB`);
  if (byteLength >= MAX_BYTES) throw new Error(`${name} is larger than ${MAX_BYTES / 1000} kB`);
}
