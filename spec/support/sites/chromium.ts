/** A real browser, driven over its debugging pipe: no package is needed for that, only Chromium itself. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { childEnvironment } from '../tools/child-environment.js';
import { leaveOut } from '../tools/left-out.js';
import { until } from '../tools/until.js';

const PROGRAM = 'chromium';
const IS_INSTALLED = spawnSync(PROGRAM, ['--version']).status === 0;
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-pipe'];
const SEPARATOR = '\0';

type Fields = Readonly<Record<string, unknown>>;
type Answer = { readonly id?: number; readonly result?: Fields; readonly error?: { readonly message: string } };

/**
 * `describe` for specs that need a browser. Where none is installed they are left out, except under `CI`, where a run that quietly
 * left them out would count as passed.
 */
export function describeBrowser(title: string, body: () => void): void {
  const suite = describe(title, () => {
    before('has a browser', () => {
      if (!IS_INSTALLED) throw new Error(`CI is set and ${PROGRAM} is not installed: apt-get install ${PROGRAM}`);
    });
    body();
  });
  if (!IS_INSTALLED && !process.env['CI']) leaveOut(suite, { lack: PROGRAM, remedy: `apt-get install ${PROGRAM}` });
}

export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #pending = new Map<number, (answer: Answer) => void>();
  #lastId = 0;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    let text = '';
    (process.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split(SEPARATOR);
      text = messages.pop() ?? '';
      for (const message of messages) this.#onMessage(JSON.parse(message));
    });
  }

  static async start(): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), 'passport-lockout-browser-'));
    const child = spawn(PROGRAM, [...ARGS, `--user-data-dir=${profile}`], {
      env: childEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    return new Browser(child, profile);
  }

  /** A window with cookies of its own, like a private one. */
  async openWindow({ scripts = true }: { readonly scripts?: boolean } = {}): Promise<BrowserWindow> {
    const { browserContextId } = await this.call('Target.createBrowserContext', {});
    const { targetId } = await this.call('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.call('Target.attachToTarget', { targetId, flatten: true });
    const window = new BrowserWindow(this, sessionId as string);
    if (!scripts) await window.call('Emulation.setScriptExecutionDisabled', { value: true });
    return window;
  }

  call(method: string, params: Fields, sessionId?: string): Promise<Fields> {
    this.#lastId += 1;
    const id = this.#lastId;
    (this.#process.stdio[3] as Writable).write(JSON.stringify({ id, method, params, sessionId }) + SEPARATOR);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
      );
    });
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'close');
    await this.call('Browser.close', {});
    await ended;
    await rm(this.#profile, { recursive: true, maxRetries: 5 });
  }

  #onMessage(answer: Answer): void {
    if (answer.id === undefined) return;
    this.#pending.get(answer.id)?.(answer);
    this.#pending.delete(answer.id);
  }
}

export class BrowserWindow {
  readonly #browser: Browser;
  readonly #sessionId: string;

  constructor(browser: Browser, sessionId: string) {
    this.#browser = browser;
    this.#sessionId = sessionId;
  }

  call(method: string, params: Fields): Promise<Fields> {
    return this.#browser.call(method, params, this.#sessionId);
  }

  async goTo(url: string): Promise<void> {
    await this.call('Page.navigate', { url });
  }

  /** What people read on the page; empty while there is none. */
  async text(): Promise<string> {
    return String((await this.#evaluate('document.body?.innerText ?? ""')) ?? '');
  }

  async shows(text: string): Promise<void> {
    await until(async () => (await this.text()).includes(text), `the page shows ${text}`);
  }

  async fill(fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [id, value] of Object.entries(fields)) {
      await this.#evaluate(`document.getElementById(${JSON.stringify(id)}).value = ${JSON.stringify(value)}`);
    }
  }

  /** Presses the button of the form, as far as the page has one form. */
  async press(): Promise<void> {
    await this.#evaluate('document.querySelector("form button").click()');
  }

  async #evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.call('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value?: unknown }).value;
  }
}
