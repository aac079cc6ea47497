/** What the adapters do where a request goes wrong, and with streams. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import express from 'express';
import { AdminCore } from '../../../lib/admin/core/handle.js';
import { resolveAdminOptions } from '../../../lib/admin/core/options.js';
import type { AdminBody, PageContext, Route } from '../../../lib/admin/core/types.js';
import { createFetchHandler } from '../../../lib/admin/http/fetch.js';
import { createNodeHandler } from '../../../lib/admin/http/node.js';
import { type AdminOptions, createAdmin } from '../../../lib/admin/index.js';
import { Lockout } from '../../../lib/index.js';
import { type FrameworkApp, listen } from '../../frameworks/contract.js';
import { FORM, OPERATOR } from '../../support/sites/admin-desk.js';
import { EventLog } from '../../support/tools/events.js';
import { until } from '../../support/tools/until.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('The adapters of the admin pages', () => {
  let lockout: Lockout;
  let events: EventLog;
  let app: FrameworkApp | undefined;

  beforeEach(() => {
    lockout = new Lockout();
    events = new EventLog(lockout);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await lockout.close();
  });

  async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
    app = await listen(createServer(handler));
    return originOf(app.server);
  }

  const failing: AdminOptions = {
    authorize: async () => {
      throw new Error('no session store');
    },
  };

  describe('if authorize fails', () => {
    it('pass the error on to next', async () => {
      const site = express();
      site.use('/m', createAdmin(lockout, failing));
      site.use(((error, _req, res, _next) => void res.status(418).send(error.message)) as express.ErrorRequestHandler);
      const response = await fetch(`${await serve(site)}/m/blocked`);
      expect(response.status).to.equal(418);
      expect(await response.text()).to.equal('no session store');
      expect(events.of('warning')).to.deep.equal([]);
    });

    it('answer with 500 without a next, and emit a warning', async () => {
      const response = await fetch(`${await serve(createAdmin(lockout, failing))}/blocked`);
      expect(response.status).to.equal(500);
      expect(await response.text()).to.equal('Internal Server Error\n');
      const [warning] = events.of('warning');
      expect(warning).to.include({ code: 'WARN_LOCKOUT_ADMIN_FAILED' });
      expect(warning?.cause).to.have.property('message', 'no session store');
    });

    it('reject fetch', async () => {
      const { fetch } = createAdmin(lockout, failing);
      const error: unknown = await fetch(new Request('http://h/blocked')).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('message', 'no session store');
    });
  });

  it('warn of an authorize that returns something else, whose permissions nobody gets', async () => {
    const authorize = () => ({ actor: 'carol', can: ['everything'] }) as never;
    expect((await createAdmin(lockout, { authorize }).fetch(new Request('http://h/'))).status).to.equal(500);
    expect(events.of('warning').map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_ADMIN_FAILED']);
  });

  it('say so if something has read the form before and kept it', async () => {
    const admin = createAdmin(lockout, { authorize: () => OPERATOR });
    const origin = await serve(async (req, res) => {
      req.resume();
      await once(req, 'end');
      await admin(req, res);
    });
    const form = new URLSearchParams({ key: 'username=alice' });
    const { status } = await fetch(`${origin}/unblock`, { method: 'POST', headers: { origin }, body: form });
    expect(status).to.equal(500);
    expect(String(events.of('warning')[0]?.cause)).to.include('Pass what was parsed as `req.body`');
  });

  it('say so if something has read the form of a standard request before', async () => {
    const { fetch: answer } = createAdmin(lockout, { authorize: () => OPERATOR });
    const request = new Request('http://h/unblock', {
      method: 'POST',
      headers: { host: 'h', origin: 'http://h' },
      body: new URLSearchParams({ key: 'username=alice' }),
    });
    await request.text();
    expect((await answer(request)).status).to.equal(500);
    expect(String(events.of('warning')[0]?.cause)).to.include('Pass the request as it arrived');
  });

  it('refuse the rest of a long form, and hang up', async () => {
    const origin = await serve(createAdmin(lockout, { authorize: () => OPERATOR }));
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    const { host } = new URL(origin);
    socket.write(
      `POST /unblock HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nContent-Type: ${FORM}\r\nContent-Length: 1000000000\r\n\r\n`,
    );
    socket.write(`key=${'x'.repeat(70_000)}`);
    await once(socket, 'close');
    expect(answer).to.match(/^HTTP\/1\.1 413 .*Connection: close/s);
  });

  it('answer nobody who hangs up within a form', async () => {
    const admin = createAdmin(lockout, { authorize: () => OPERATOR });
    let handled: Promise<void> | undefined;
    const origin = await serve((req, res) => {
      handled = admin(req, res);
    });
    const sent = request(`${origin}/unblock`, {
      method: 'POST',
      headers: { origin, 'content-type': FORM, 'content-length': 100 },
    });
    sent.on('error', () => {});
    sent.write('key=');
    await until(() => handled !== undefined);
    sent.destroy();
    await handled;
    expect(events.of('warning')).to.deep.equal([]);
  });

  describe('with a stream', () => {
    let closing: AbortController;
    let errors: unknown[];

    beforeEach(() => {
      closing = new AbortController();
      errors = [];
    });

    function partsFor(toBody: (context: PageContext) => AdminBody) {
      const route: Route = {
        method: 'GET',
        path: '/stream',
        permission: 'look',
        handle: (context) => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: toBody(context) }),
      };
      const options = resolveAdminOptions({ authorize: () => OPERATOR });
      const onError = (error: unknown) => errors.push(error);
      const core = new AdminCore(lockout, options, [route], onError, new AbortController().signal);
      return { core, basePath: undefined, closing: closing.signal, onError };
    }

    async function* three(): AsyncGenerator<string> {
      yield 'one ';
      yield 'zw\u00f6lf ';
      yield 'three';
    }

    /** Never ends by itself; counts what was asked of it, and says when it was released. */
    function endless(chunk: string): { readonly body: AsyncIterable<string>; asked: number; isReleased: boolean } {
      const stream = {
        asked: 0,
        isReleased: false,
        body: {
          [Symbol.asyncIterator]: () => ({
            next: async () => {
              stream.asked += 1;
              return { done: false as const, value: chunk };
            },
            return: async () => {
              stream.isReleased = true;
              return { done: true as const, value: undefined };
            },
          }),
        },
      };
      return stream;
    }

    /** Sends nothing until it is aborted, as a live page without news. */
    async function* silent({ request: { signal } }: PageContext): AsyncGenerator<string> {
      yield 'begun ';
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield 'never sent';
    }

    const KINDS = {
      node: async (parts: ReturnType<typeof partsFor>) => serve(createNodeHandler(parts)),
      fetch: async (parts: ReturnType<typeof partsFor>) => {
        const answer = createFetchHandler(parts);
        // Served as a runtime of the Fetch Standard does it.
        return serve(async (req: IncomingMessage, res) => {
          const gone = new AbortController();
          res.once('close', () => gone.abort());
          const response = await answer(new Request(`http://h${req.url}`, { signal: gone.signal }));
          res.writeHead(response.status, [...response.headers].flat());
          await pipeline(response.body ?? [], res).catch(() => {});
        });
      },
    } as const;

    for (const [kind, start] of Object.entries(KINDS)) {
      it(`send all of it by ${kind}`, async () => {
        const response = await fetch(`${await start(partsFor(three))}/stream`);
        expect(response.headers.get('content-length')).to.equal(null);
        expect(response.headers.get('cache-control')).to.equal('no-store');
        expect(await response.text()).to.equal('one zw\u00f6lf three');
      });

      it(`ask for no more than the client reads, and release it when the client goes away, by ${kind}`, async () => {
        const stream = endless('x'.repeat(65_536));
        const origin = await start(partsFor(() => stream.body));
        const req = request(`${origin}/stream`).end();
        const [res] = (await once(req, 'response')) as [IncomingMessage];
        await once(res, 'readable');
        let before = -1;
        // Standing still: what fits into the buffers has been asked for.
        await until(() => {
          const isStill = stream.asked === before;
          before = stream.asked;
          return isStill;
        });
        expect(stream.asked).to.be.below(1_000);
        req.destroy();
        await until(() => stream.isReleased);
      });

      it(`keep nothing of what they have sent, by ${kind}`, async () => {
        const steps: WeakRef<object>[] = [];
        const next = async (): Promise<IteratorResult<string>> => {
          // Then there is no news.
          if (steps.length === 100) return new Promise(() => {});
          const step = { done: false, value: 'x' } as const;
          steps.push(new WeakRef(step));
          return step;
        };
        const response = await fetch(
          `${await start(partsFor(() => ({ [Symbol.asyncIterator]: () => ({ next }) })))}/stream`,
        );
        await until(() => steps.length === 100);
        await until(() => {
          collectGarbage();
          return steps.filter((step) => step.deref()).length < 10;
        });
        await response.body?.cancel();
      });

      it(`end it when the pages are closed, by ${kind}`, async () => {
        const response = await fetch(`${await start(partsFor(silent))}/stream`);
        const reader = (response.body as ReadableStream<Uint8Array>).getReader();
        expect(new TextDecoder().decode((await reader.read()).value)).to.equal('begun ');
        closing.abort();
        expect(await reader.read()).to.include({ done: true });
      });
    }

    it('break off what fails on its way, so that nobody takes it for the whole', async () => {
      async function* broken(): AsyncGenerator<string> {
        yield 'begun';
        throw new Error('the store failed');
      }
      const response = await fetch(`${await serve(createNodeHandler(partsFor(broken)))}/stream`);
      const error: unknown = await response.text().catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(TypeError);
      expect(String(errors[0])).to.include('the store failed');
    });

    it('do not begin it for HEAD', async () => {
      const stream = endless('x');
      const origin = await serve(createNodeHandler(partsFor(() => stream.body)));
      const response = await fetch(`${origin}/stream`, { method: 'HEAD' });
      expect(response.status).to.equal(200);
      expect(stream.asked).to.equal(0);
    });
  });
});

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
