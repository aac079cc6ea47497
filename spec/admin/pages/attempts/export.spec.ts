import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect } from 'chai';
import type { ExportBounds } from '../../../../lib/admin/lists/export.js';
import type { ExportFormat } from '../../../../lib/admin/lists/formats.js';
import { CSV, exportAttempts, JSON_LINES } from '../../../../lib/admin/pages/attempts/export.js';
import { type AttemptRecord, LockoutStoreError, MemoryStore } from '../../../../lib/index.js';
import type { AttemptQuery } from '../../../../lib/stores/attempt-log.js';
import { type FrameworkApp, listen } from '../../../frameworks/contract.js';
import { AdminDesk } from '../../../support/sites/admin-desk.js';
import { ManualClock } from '../../../support/stores/manual-clock.js';
import { EventLog } from '../../../support/tools/events.js';
import { until } from '../../../support/tools/until.js';
import { LogDesk } from './log-desk.js';

/** Several of what a store returns at once. */
const MANY = 4_000;
const BATCH = 1_000;

/** A store in memory whose log can be watched, and fails from one of its pages on. */
class WatchedStore extends MemoryStore {
  queries = 0;
  failsFrom = Number.POSITIVE_INFINITY;
  /** What it waits for before it fails. */
  failsAfter: Promise<void> | undefined;

  constructor(clock: ManualClock) {
    super({ clock: clock.read });
    const query = this.attemptLog.query.bind(this.attemptLog);
    this.attemptLog.query = (asked: AttemptQuery) => {
      this.queries += 1;
      if (this.queries < this.failsFrom) return query(asked);
      const fail = () => Promise.reject(new Error('connection lost to 10.0.0.7'));
      return (this.failsAfter ? this.failsAfter.then(fail) : fail()) as never;
    };
  }
}

describe('An export of attempts', () => {
  let store: WatchedStore;
  let desk: LogDesk;
  let app: FrameworkApp | undefined;
  beforeEach(() => {
    const clock = new ManualClock();
    store = new WatchedStore(clock);
    desk = new LogDesk(clock, store);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await desk.close();
  });

  it('as CSV has a line of names and a line for each attempt, the newest first', async () => {
    await desk.guess('alice', { userAgent: 'a "quoted", agent' });
    await desk.guess('=cmd|calc', { isRight: true });
    const response = await desk.open('/attempts.csv');
    const [head, first, second, ...rest] = (await response.text()).split('\r\n');
    expect(head).to.match(/^"at","outcome","count","username","ip",/);
    expect(first).to.match(/^"2100-01-01T00:00:01.000Z","succeeded","1","'=cmd\|calc","203.0.113.9",/);
    expect(second).to.match(/"failed","1","alice","203.0.113.9","a ""quoted"", agent","POST","\/login",/);
    expect(rest).to.deep.equal(['']);
  });

  it('as JSON Lines has one object for each attempt', async () => {
    await desk.guess('a\nb');
    await desk.lockout.recordLogout({ ip: '192.0.2.1' }, { username: 'alice' });
    const lines = (await desk.page('/attempts.jsonl')).trimEnd().split('\n');
    const { items } = await desk.lockout.attempts();
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal(JSON.parse(JSON.stringify(items)));
    expect(JSON.parse(lines[0] as string)).to.include({ outcome: 'logout', username: 'alice' });
  });

  for (const [target, type, name] of [
    ['/attempts.csv', 'text/csv; charset=utf-8; header=present', 'attempts-21000101T000001Z.csv'],
    ['/attempts.jsonl', 'application/x-ndjson; charset=utf-8', 'attempts-21000101T000001Z.jsonl'],
  ] as const) {
    it(`is a file with a name of its own, whatever is filtered: ${name}`, async () => {
      await desk.guess('alice');
      const { headers } = await desk.open(`${target}?username=${encodeURIComponent('"; filename=x.exe\r\nX: y')}`);
      expect(headers.get('Content-Type')).to.equal(type);
      expect(headers.get('Content-Disposition')).to.equal(`attachment; filename="${name}"`);
      expect(headers.get('Cache-Control')).to.equal('no-store');
      expect(headers.get('X-Content-Type-Options')).to.equal('nosniff');
    });
  }

  it('follows the filter, also what no store filters', async () => {
    for (const name of ['alice', 'bob', 'carol']) await desk.guess(name, { userAgent: `agent of ${name}` });
    expect(await desk.page('/attempts.jsonl?not-username=bob&text=AGENT&outcome=failed'))
      .to.include('carol')
      .and.include('alice')
      .and.not.include('bob');
  });

  it('of nothing has no attempt, and is no error', async () => {
    expect(await desk.page('/attempts.jsonl')).to.equal('');
    expect((await desk.page('/attempts.csv')).split('\r\n')).to.have.length(2);
  });

  for (const search of ['ip=localhost', 'since=yesterday', 'outcome=lost', 'cursor=x']) {
    it(`is refused for ${search}, and says what is wrong`, async () => {
      const response = await desk.open(`/attempts.csv?${search}`);
      expect(response.status).to.equal(400);
      expect(await response.text()).to.include(`${search.split('=')[0]}: `);
    });
  }

  describe('is recorded', () => {
    const acts = async () => {
      const { items } = await desk.lockout.activity({ action: 'export' });
      return items.map(({ by, parts, counts }) => ({ by, parts, counts }));
    };

    it('with who took it, of what, and how many', async () => {
      for (const name of ['alice', 'bob', 'alice']) await desk.guess(name);
      await desk.page('/attempts.csv?username=ALICE&ip=203.0.113.9');
      const parts = { ip: '203.0.113.9', username: 'alice' };
      expect(await acts()).to.deep.equal([{ by: 'carol', parts, counts: { attempts: 2 } }]);
    });

    it('also if it was broken off', async () => {
      await desk.write(Array.from({ length: MANY }, () => ({ username: 'alice' })));
      await (await desk.open('/attempts.jsonl')).body?.cancel();
      await until(async () => (await acts())[0]?.counts !== null);
      expect((await acts())[0]?.counts?.['attempts']).to.be.below(MANY);
    });

    it('not if nothing was taken', async () => {
      await desk.admin.fetch(new Request('http://admin.example.com/attempts.csv', { method: 'HEAD' }));
      await desk.open('/attempts.csv?ip=localhost');
      expect(await acts()).to.deep.equal([]);
    });
  });

  it('has all pages of the store', async () => {
    await desk.write(Array.from({ length: MANY }, (_, index) => ({ username: `u${index}` })));
    const lines = (await desk.page('/attempts.jsonl')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).username)).to.deep.equal(
      Array.from({ length: MANY }, (_, index) => `u${MANY - 1 - index}`),
    );
  });

  describe('that is longer than it may be', () => {
    function bounded(format: ExportFormat<AttemptRecord>, bounds: ExportBounds): AdminDesk {
      const handle = (context: Parameters<typeof exportAttempts>[0]) => exportAttempts(context, format, bounds);
      return new AdminDesk({ store, routes: [{ method: 'GET', path: '/x', permission: 'export', handle }] });
    }
    async function linesOf(short: AdminDesk, target: string): Promise<string[]> {
      const { body } = await short.send(target);
      let text = '';
      for await (const chunk of body as AsyncIterable<string>) text += chunk;
      await short.close();
      return text.trimEnd().split(/\r?\n/);
    }

    beforeEach(() => desk.write(['a', 'b', 'c', 'd', 'e'].map((username) => ({ username }))));

    it('says so in its last line, and goes on from there', async () => {
      const bounds = { rows: 2, lookedAt: 100 };
      const lines = await linesOf(bounded(JSON_LINES, bounds), '/x');
      const { cut, rows, lookedAt, cursor } = JSON.parse(lines.pop() as string);
      expect(lines.map((line) => JSON.parse(line).username)).to.deep.equal(['e', 'd']);
      expect(cut).to.match(/^Not complete: it ends after 2 rows of 2 attempts looked at/);
      expect({ rows, lookedAt }).to.deep.equal({ rows: 2, lookedAt: 2 });
      const rest = await linesOf(bounded(JSON_LINES, bounds), `/x?cursor=${cursor}`);
      expect(rest.slice(0, 2).map((line) => JSON.parse(line).username)).to.deep.equal(['c', 'b']);
    });

    it('says so as CSV in a line with as many cells as the others', async () => {
      const lines = await linesOf(bounded(CSV, { rows: 2, lookedAt: 100 }), '/x');
      const cells = lines.map((line) => line.split('","').length);
      expect(new Set(cells)).to.have.property('size', 1);
      expect(lines.at(-1)).to.match(/^"Not complete: .*cursor=[0-9a-z.]+",""/);
    });

    it('ends for a filter that hardly matches anything', async () => {
      const lines = await linesOf(bounded(JSON_LINES, { rows: 100, lookedAt: 3 }), '/x?not-username=e');
      expect(JSON.parse(lines.at(-1) as string)).to.include({ rows: 2, lookedAt: 3 });
    });

    it('says nothing if it ends exactly there', async () => {
      expect(await linesOf(bounded(JSON_LINES, { rows: 5, lookedAt: 5 }), '/x')).to.have.length(5);
    });
  });

  describe('over a connection', () => {
    async function serve(): Promise<number> {
      app = await listen(createServer(desk.admin));
      return (app.server.address() as AddressInfo).port;
    }
    function get(port: number, path: string): Promise<IncomingMessage> {
      return new Promise((resolve, reject) => {
        request({ host: '127.0.0.1', port, path, agent: false }, resolve).on('error', reject).end();
      });
    }
    const long = () => ({ username: 'alice', userAgent: 'x'.repeat(256), path: 'y'.repeat(512) });

    beforeEach(() => desk.write(Array.from({ length: 2 * MANY }, long)));

    it('reads from the store only as fast as the client reads, and stops when it goes away', async () => {
      const port = await serve();
      const served = once(app?.server as Server, 'connection');
      const response = await get(port, '/attempts.csv');
      const [connection] = (await served) as [Socket];
      await once(response, 'readable');
      response.destroy();
      await until(() => connection.destroyed);
      const { queries } = store;
      expect(queries).to.be.below((2 * MANY) / BATCH);
      await desk.page('/attempts');
      expect(store.queries).to.equal(queries + 1);
    });

    it('is all there for a client that reads all', async () => {
      const lines = (await readText(await get(await serve(), '/attempts.csv'))).split('\r\n');
      expect(lines).to.have.length(2 * MANY + 2);
    });

    it('breaks off if the store fails in the middle, so that nobody takes a part for the whole', async () => {
      store.failsFrom = 4;
      const events = new EventLog(desk.lockout);
      const failure = await readText(await get(await serve(), '/attempts.csv')).catch((error: unknown) => error);
      expect(failure).to.include({ code: 'ECONNRESET' });
      expect(events.of('warning').map(({ code }) => code)).to.include('WARN_LOCKOUT_ADMIN_FAILED');
    });

    it('breaks off for a client of HTTP/1.0, too, to which the end of a connection is the end of a file', async () => {
      const port = await serve();
      const served = once(app?.server as Server, 'connection');
      const socket = connect(port, '127.0.0.1').resume();
      const failed = once(socket, 'error');
      const [connection] = (await served) as [Socket];
      store.failsFrom = 4;
      // A client in the middle of reading is told of an end by libuv, whatever it was.
      store.failsAfter = until(() => store.queries === 4 && socket.bytesRead === connection.bytesWritten);
      socket.write('GET /attempts.csv HTTP/1.0\r\n\r\n');
      const [failure] = await failed;
      expect(failure).to.include({ code: 'ECONNRESET' });
    });

    it('breaks off if the pages are closed meanwhile', async () => {
      const response = await get(await serve(), '/attempts.csv');
      desk.admin.close();
      const failure = await readText(response).catch((error: unknown) => error);
      expect(failure).to.include({ code: 'ECONNRESET' });
    });

    it('is answered with a page that says so if the store fails at once', async () => {
      store.failsFrom = 1;
      const response = await get(await serve(), '/attempts.csv');
      expect(response.statusCode).to.equal(503);
      expect(await readText(response))
        .to.include('The store does not answer')
        .and.not.include('10.0.0.7');
    });
  });

  describe('through fetch', () => {
    beforeEach(() => desk.write(Array.from({ length: MANY }, () => ({ username: 'alice' }))));

    it('fails for its reader if the store fails in the middle', async () => {
      store.failsFrom = 3;
      const response = await desk.open('/attempts.jsonl');
      const failure = await response.text().catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(LockoutStoreError);
    });

    it('fails for its reader if the pages are closed meanwhile', async () => {
      const response = await desk.open('/attempts.jsonl');
      desk.admin.close();
      const failure = await response.text().catch((error: unknown) => error);
      expect(failure).to.be.an('error').with.property('message', 'The stream ended before it was complete');
    });

    it('stops reading from the store when its reader goes away', async () => {
      const response = await desk.open('/attempts.jsonl');
      await response.body?.cancel();
      const { queries } = store;
      expect(queries).to.be.below(MANY / BATCH);
      await desk.page('/attempts');
      expect(store.queries).to.equal(queries + 1);
    });

    it('may be closed after it has ended', async () => {
      expect((await desk.page('/attempts.jsonl')).split('\n')).to.have.length(MANY + 1);
      desk.admin.close();
    });
  });
});
