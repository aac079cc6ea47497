/** Applications that have mounted the admin pages, one for each framework. */
import 'reflect-metadata';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import express5, { type RequestHandler } from 'express';
import express4 from 'express4';
import fastify from 'fastify';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import type { Admin, AdminOptions } from '../../../lib/admin/index.js';
import { type FrameworkApp, HOST, listen } from '../../frameworks/contract.js';

/** As the browser writes it. */
export const MOUNT = '/a%20b/x';
/** What applications set for all of their pages, as helmet does. */
const OTHER_HEADERS = {
  'Content-Security-Policy': "default-src 'self' 'unsafe-inline'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'public',
} as const;

type Create = (options?: Partial<AdminOptions>) => Admin;
type Start = (create: Create) => Promise<FrameworkApp>;

function onExpress(express: typeof express5, ...before: readonly RequestHandler[]): Start {
  return (create) => {
    const app = express();
    app.use((_req, res, next) => {
      res.set(OTHER_HEADERS).cookie('session', '1');
      next();
    });
    if (before.length > 0) app.use(...before);
    app.use(MOUNT, create());
    return listen(createServer(app));
  };
}

/** Mounted nowhere: the option says where the pages are. */
const onExpressByOption: Start = (create) => {
  const app = express5();
  app.use(create({ basePath: '/a b/x' }));
  app.get('/elsewhere', (_req, res) => void res.send('outside'));
  return listen(createServer(app));
};

/** As Connect does it: `url` is cut, `originalUrl` is kept, and there is no `baseUrl`. */
const onConnect: Start = (create) => {
  const admin = create();
  return listen(
    createServer((req, res) => {
      const { url = '' } = req;
      if (!url.startsWith(MOUNT)) {
        res.end('outside');
        return;
      }
      Object.assign(req, { originalUrl: url, url: url.slice(MOUNT.length).replace(/^(?!\/)/, '/') });
      void admin(req, res, () => res.end('outside'));
    }),
  );
};

const onNodeHttp: Start = (create) => listen(createServer(create({ basePath: MOUNT })));

const onFastify: Start = async (create) => {
  const admin = create({ basePath: MOUNT });
  const app = fastify();
  await app.register(async (pages) => {
    // The pages read the form themselves.
    pages.addContentTypeParser('application/x-www-form-urlencoded', (_request, _payload, done) => done(null));
    for (const path of [MOUNT, `${MOUNT}/*`]) {
      pages.all(decodeURIComponent(path), (request, reply) => {
        reply.headers(OTHER_HEADERS).hijack();
        return admin(request.raw, reply.raw);
      });
    }
  });
  await app.listen({ port: 0, host: HOST });
  return closing(app.server, () => app.close());
};

function onKoa(...before: readonly Koa.Middleware[]): Start {
  return (create) => {
    const admin = create({ basePath: MOUNT });
    const app = new Koa();
    for (const middleware of before) app.use(middleware);
    app.use((ctx, next) => {
      if (!ctx.path.startsWith(MOUNT)) return next();
      ctx.set(OTHER_HEADERS);
      ctx.respond = false;
      const { body } = ctx.request as { readonly body?: unknown };
      return admin(Object.assign(ctx.req, body === undefined ? {} : { body }), ctx.res);
    });
    return listen(createServer(app.callback()));
  };
}

function onNest(toAdapter?: () => FastifyAdapter): Start {
  return async (create) => {
    class AppModule {}
    Module({})(AppModule);
    const app: INestApplication = toAdapter
      ? await NestFactory.create(AppModule, toAdapter(), { logger: false })
      : await NestFactory.create(AppModule, { logger: false });
    // middie compares decoded paths.
    app.use(toAdapter ? decodeURIComponent(MOUNT) : MOUNT, create());
    await app.listen(0, HOST);
    return closing(app.getHttpServer() as Server, () => app.close());
  };
}

function closing(server: Server, close: () => PromiseLike<unknown>): FrameworkApp {
  return {
    server,
    close: async () => {
      server.closeAllConnections();
      await close();
    },
  };
}

/** A framework of the Fetch Standard, such as Hono: here, behind a small server. */
function onFetch(options: Partial<AdminOptions>, toUrl: (url: string) => string): Start {
  return (create) => {
    const admin = create(options);
    return listen(
      createServer(async (req, res) => {
        if (!req.url?.startsWith(MOUNT)) {
          res.end('outside');
          return;
        }
        const response = await admin.fetch(toRequest(req, toUrl(req.url)));
        res.writeHead(response.status, [...response.headers].flat());
        res.end(Buffer.from(await response.arrayBuffer()));
      }),
    );
  };
}

function toRequest(req: IncomingMessage, path: string): Request {
  const { method = 'GET' } = req;
  const headers = Object.entries(req.headers).map(([name, value]) => [name, String(value)] as [string, string]);
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const url = `http://${req.headers.host}${path}`;
  return new Request(url, { method, headers, ...(hasBody && { body: req as never, duplex: 'half' }) });
}

export interface Framework {
  readonly start: Start;
  /**
   * Whether a body parser of the application reads forms, with a limit of its own.
   * @default false
   */
  readonly parses?: boolean;
}

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  'Express 5': { start: onExpress(express5) },
  'Express 5 behind express.urlencoded()': { start: onExpress(express5, express5.urlencoded()), parses: true },
  'Express 5 behind express.json()': { start: onExpress(express5, express5.json()) },
  'Express 5, mounted by the option': { start: onExpressByOption },
  'Express 4': { start: onExpress(express4) },
  'Express 4 behind express.urlencoded({ extended: true })': {
    start: onExpress(express4, express4.json(), express4.urlencoded({ extended: true })),
    parses: true,
  },
  'Express 4 behind express.urlencoded({ extended: false })': {
    start: onExpress(express4, express4.urlencoded({ extended: false })),
    parses: true,
  },
  'Express 4 behind express.json()': { start: onExpress(express4, express4.json()) },
  'Express 5 behind express.raw()': { start: onExpress(express5, express5.raw({ type: '*/*' })), parses: true },
  'Express 5 behind express.text()': { start: onExpress(express5, express5.text({ type: '*/*' })), parses: true },
  Connect: { start: onConnect },
  'Nest on Express': { start: onNest(), parses: true },
  'Nest on Fastify': { start: onNest(() => new FastifyAdapter()) },
  Fastify: { start: onFastify },
  Koa: { start: onKoa() },
  'Koa behind koa-bodyparser': { start: onKoa(bodyParser()), parses: true },
  'node:http': { start: onNodeHttp },
  fetch: { start: onFetch({ basePath: MOUNT }, (url) => url) },
  'fetch behind a router that removes the path': {
    start: onFetch({ basePath: MOUNT }, (url) => url.slice(MOUNT.length) || '/'),
  },
};
