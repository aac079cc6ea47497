/** Pages of others that send the forms of the admin pages, with a browser in which an operator is logged in. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../../support/gallery/look.js';
import { AdminInBrowser, rowOf } from '../../support/sites/admin-in-browser.js';
import { describeBrowser } from '../../support/sites/chromium.js';
import { onMemoryStore } from '../../support/sites/login-site.js';

describeBrowser('A form that unblocks, in a browser', () => {
  let browser: Browser;
  let desk: AdminInBrowser;
  let evil: Server;
  let evilPage = '';

  before(async () => {
    browser = await startBrowser();
    evil = createServer((_req, res) => res.setHeader('Content-Type', 'text/html').end(evilPage));
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    evil.close();
    evil.closeAllConnections();
    await browser.close();
  });
  beforeEach(async () => {
    desk = await AdminInBrowser.open(browser, onMemoryStore());
    await desk.site.lockout.block({ username: 'alice' }, { for: 'forever' });
  });
  afterEach(() => desk.close());

  const formTo = (url: string) =>
    `<form id="f" method="post" action="${url}/unblock"><input name="key" value="username=alice"></form>
    <script>document.getElementById('f').submit()</script>`;
  const framed = (html: string) =>
    `<iframe sandbox="allow-forms allow-scripts" srcdoc="${html.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`;

  /** @returns the status of the answer to the form */
  async function statusOf(page: Page, url: string): Promise<number> {
    const answered = desk.answerTo('/unblock');
    await page.goto(url);
    return answered;
  }

  const isLocked = async () => (await desk.site.lockout.status({ username: 'alice' })).locked;
  const portOf = (server: Server) => (server.address() as AddressInfo).port;

  it('works from the page of its own, and is what the others send', async () => {
    const page = await desk.show('/blocked');
    await rowOf(page, 'username=alice').getByRole('link', { name: 'Unblock' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unblock' }).click();
    await page.getByText('Unblocked username=alice').waitFor();
    expect(await isLocked()).to.equal(false);
  });

  for (const { from, host, wrap } of [
    { from: 'another port of the same host', host: '127.0.0.1', wrap: (html: string) => html },
    { from: 'another site', host: 'localhost', wrap: (html: string) => html },
    { from: 'a sandboxed frame, whose origin is null', host: 'localhost', wrap: framed },
    { from: 'a sandboxed frame on the same host', host: '127.0.0.1', wrap: framed },
  ]) {
    it(`is refused from ${from}`, async () => {
      evilPage = wrap(formTo(desk.url));
      const page = await desk.window();

      expect(await statusOf(page, `http://${host}:${portOf(evil)}/`)).to.equal(403);
      expect(await isLocked()).to.equal(true);
    });
  }
});
