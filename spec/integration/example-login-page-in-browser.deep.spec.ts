/** What a person sees who does what `npm start` proposes, in a real browser. */
import { expect } from 'chai';
import { Browser, type BrowserWindow, describeBrowser } from '../support/sites/chromium.js';
import { ExampleCopy } from '../support/sites/example-copy.js';
import { ExampleProcess } from '../support/sites/example-process.js';

describeBrowser('examples/login-page in a browser', () => {
  let copy: ExampleCopy;
  let example: ExampleProcess;
  let browser: Browser;
  let url: string;

  before(async () => {
    copy = await ExampleCopy.create('login-page');
    browser = await Browser.start();
  });
  after(async () => {
    await browser.close();
    await copy.remove();
  });

  beforeEach(async () => {
    example = ExampleProcess.start(copy);
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  });
  afterEach(() => example.stop());

  async function logIn(window: BrowserWindow): Promise<void> {
    await window.goTo(url);
    await window.shows('Password');
    await window.fill({ username: 'alice', password: 'wonderland' });
    await window.press();
  }

  for (const [what, scripts] of [
    ['', true],
    [' without scripts', false],
  ] as const) {
    it(`shows the attack live${what}, lets the browser in that has logged in before, and no private window`, async () => {
      const window = await browser.openWindow({ scripts });
      await logIn(window);
      await window.shows('Welcome, alice');

      await window.press();
      await window.shows('The attack is running.');
      await window.shows('alice is locked until');
      await window.shows('attack_suspected');

      await logIn(window);
      await window.shows('Welcome, alice');
      const stranger = await browser.openWindow();
      await logIn(stranger);
      await stranger.shows('Login refused');
      expect(await stranger.text()).to.match(/in 1\d minutes/);

      await stranger.goTo(`${url}/attack?username=alice`);
      await stranger.shows('which is known.');
      await stranger.shows('is not known.');
      await stranger.shows('The attack is over.');
    });
  }
});
