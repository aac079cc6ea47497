/** The page Now while it is watched: over real HTTP, and as `fetch`. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import sinon from 'sinon';
import { type Admin, createAdmin } from '../../../lib/admin/index.js';
import { Lockout, MemoryStore } from '../../../lib/index.js';
import { OPERATOR } from '../../support/sites/admin-desk.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { until } from '../../support/tools/until.js';

/** Somebody who watches the page; what has come so far. */
class Viewer {
  readonly response: Response;
  text = '';
  isOver = false;
  readonly #leaving: AbortController;

  private constructor(response: Response, leaving: AbortController) {
    this.response = response;
    this.#leaving = leaving;
    void this.#read().finally(() => {
      this.isOver = true;
    });
  }

  static async watch(open: (signal: AbortSignal) => Promise<Response>): Promise<Viewer> {
    const leaving = new AbortController();
    return new Viewer(await open(leaving.signal), leaving);
  }

  async sees(text: string): Promise<void> {
    await until(() => this.text.includes(text), `the stream has ${text}`);
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of this.response.body ?? [])
        this.text += decoder.decode(chunk as Uint8Array, { stream: true });
    } catch (error) {
      if (!this.#leaving.signal.aborted) throw error;
    }
  }
}

const ALL = '"locked-count"';

describe('The live page', () => {
  let lockout: Lockout;
  let admin: Admin;
  let viewers: Viewer[];

  beforeEach(() => {
    lockout = new Lockout();
    admin = createAdmin(lockout, { authorize: () => OPERATOR });
    viewers = [];
  });
  afterEach(async () => {
    for (const viewer of viewers) viewer.leave();
    admin.close();
    await lockout.close();
    sinon.restore();
  });

  async function watch(open: (signal: AbortSignal) => Promise<Response>): Promise<Viewer> {
    const viewer = await Viewer.watch(open);
    viewers.push(viewer);
    return viewer;
  }

  /** @param app - the application's handler; the admin pages alone unless given */
  async function listening<T>(
    use: (origin: string, server: Server) => Promise<T>,
    app: RequestListener = admin,
  ): Promise<T> {
    const server = createServer(app).listen(0, '127.0.0.1');
    await until(() => server.listening);
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  const byFetch = (path = '/live') =>
    watch((signal) => admin.fetch(new Request(`http://127.0.0.1${path}`, { signal })));

  describe('over HTTP', () => {
    it('is a stream of events that no proxy collects', () =>
      listening(async (origin) => {
        const { response } = await watch((signal) => fetch(`${origin}/live`, { signal }));
        expect(response.status).to.equal(200);
        expect(response.headers.get('content-type')).to.equal('text/event-stream; charset=utf-8');
        expect(response.headers.get('x-accel-buffering')).to.equal('no');
        expect(response.headers.get('cache-control')).to.equal('no-store');
      }));

    it('shows a lock that is set meanwhile', () =>
      listening(async (origin) => {
        const viewer = await watch((signal) => fetch(`${origin}/live`, { signal }));
        await viewer.sees(ALL);
        expect(viewer.text).to.not.include('mallory');
        await lockout.block({ username: 'mallory' }, { for: 'forever' });
        await viewer.sees('mallory');
      }));

    it('is flushed through a middleware that compresses', () =>
      listening(
        async (origin) => {
          const viewer = await watch((signal) => fetch(`${origin}/live`, { signal }));
          await viewer.sees(ALL);
        },
        (req, res) => {
          const held: unknown[] = [];
          const write = res.write.bind(res) as (chunk: unknown) => boolean;
          const flush = () => {
            for (const chunk of held.splice(0)) write(chunk);
          };
          Object.assign(res, { write: (chunk: unknown) => held.push(chunk) > 0, flush });
          void admin(req, res);
        },
      ));

    it('ends with close(), so that the server can close', () =>
      listening(async (origin, server) => {
        const viewer = await watch((signal) => fetch(`${origin}/live`, { signal }));
        await viewer.sees(ALL);
        admin.close();
        await until(() => viewer.isOver);
        server.closeIdleConnections();
      }));

    it('answers HEAD without a stream', () =>
      listening(async (origin) => {
        const response = await fetch(`${origin}/live`, { method: 'HEAD' });
        expect([response.status, await response.text()]).to.deep.equal([200, '']);
      }));
  });

  it('needs the permission to look', async () => {
    admin = createAdmin(lockout, { authorize: () => false });
    expect((await byFetch()).response.status).to.equal(403);
  });

  it('is closed at once after close()', async () => {
    admin.close();
    expect((await byFetch()).response.status).to.equal(503);
  });

  it('accepts 50 viewers and says when to try again to the next', async () => {
    for (let count = 0; count < 50; count += 1) expect((await byFetch()).response.status).to.equal(200);
    const { response } = await byFetch();
    expect([response.status, response.headers.get('retry-after')]).to.deep.equal([503, '30']);
    viewers[0]?.leave();
    await until(async () => (await byFetch()).response.status === 200);
  });

  it('keeps no place for those who have gone before their request came here', () => {
    const early: ServerResponse[] = [];
    let isLate = false;
    return listening(
      async (origin) => {
        const leaving = new AbortController();
        const left = Array.from({ length: 50 }, () => fetch(`${origin}/live`, { signal: leaving.signal }));
        const settled = Promise.allSettled(left);
        await until(() => early.length === 50);
        leaving.abort();
        await settled;
        await until(() => early.every(({ destroyed }) => destroyed));
        await Promise.all(early.map((res) => admin(res.req, res)));
        isLate = true;
        const { response } = await watch((signal) => fetch(`${origin}/live`, { signal }));
        expect(response.status).to.equal(200);
      },
      // As a session store does that answers late.
      (req, res) => {
        if (isLate) void admin(req, res);
        else early.push(res);
      },
    );
  });

  it('shows only to those who may unblock how to do that', async () => {
    await lockout.block({ username: 'mallory' }, { for: 'forever' });
    const operator = await byFetch();
    await operator.sees(ALL);
    const other = createAdmin(lockout, { authorize: () => ({ actor: 'dave', can: [] }) });
    const reader = await watch((signal) => other.fetch(new Request('http://127.0.0.1/live', { signal })));
    await reader.sees(ALL);
    expect(operator.text).to.include('/unblock');
    expect(reader.text).to.include('mallory').and.not.include('/unblock');
    other.close();
  });

  it('has links below where each viewer sees the pages', async () => {
    const mounted = createAdmin(lockout, { authorize: () => OPERATOR, basePath: '/a b' });
    const viewer = await watch((signal) =>
      mounted.fetch(new Request('http://127.0.0.1/a%20b/live?span=week', { signal })),
    );
    await viewer.sees(ALL);
    const hrefs = [...viewer.text.matchAll(/href=\\"([^\\]*)/g)].map(([, href]) => href);
    expect(hrefs).to.include('/a%20b/?span=week');
    expect(hrefs.filter((href) => !href?.startsWith('/a%20b/'))).to.deep.equal([]);
    mounted.close();
  });

  it('sends what the page itself shows', async () => {
    const viewer = await byFetch();
    await viewer.sees(ALL);
    const page = await (await admin.fetch(new Request('http://127.0.0.1/'))).text();
    const data = /data: (.*)\n/.exec(viewer.text)?.[1] ?? '{}';
    const { 'as-of': _, ...regions } = JSON.parse(data) as Readonly<Record<string, string>>;
    for (const markup of Object.values(regions)) expect(page).to.include(markup);
  });

  describe('for many viewers', () => {
    let list: sinon.SinonSpy;

    beforeEach(() => {
      sinon.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
      const store = new MemoryStore({ clock: new ManualClock().read });
      list = sinon.spy(store, 'list');
      lockout = new Lockout({ store });
      admin = createAdmin(lockout, { authorize: () => OPERATOR });
    });

    it('takes one snapshot a second, however many watch', async () => {
      for (let count = 0; count < 20; count += 1) await byFetch();
      await until(() => viewers.every(({ text }) => text.includes(ALL)));
      expect(list.callCount).to.equal(1);
      await sinon.clock.tickAsync(10_000);
      expect(list.callCount).to.equal(11);
    });

    it('takes one for several mounts of the same lockout and for pages that are opened', async () => {
      const other = createAdmin(lockout, { authorize: () => OPERATOR, basePath: '/x' });
      await (await byFetch()).sees(ALL);
      await (await watch((signal) => other.fetch(new Request('http://127.0.0.1/x/live', { signal })))).sees(ALL);
      await other.fetch(new Request('http://127.0.0.1/x/'));
      expect(list.callCount).to.equal(1);
      other.close();
    });

    it('gives the places of those who do not read to others after 5 minutes', async () => {
      const open = () => admin.fetch(new Request('http://127.0.0.1/live'));
      for (let count = 0; count < 50; count += 1) await open();
      expect((await open()).status).to.equal(503);
      await sinon.clock.tickAsync(5 * 60_000);
      expect((await open()).status).to.equal(200);
    });

    it('takes none when nobody watches any more', async () => {
      await (await byFetch()).sees(ALL);
      viewers[0]?.leave();
      await sinon.clock.tickAsync(2_000);
      const before = list.callCount;
      await sinon.clock.tickAsync(60_000);
      expect(list.callCount).to.equal(before);
    });
  });
});
