/** A real Express application with Passport, driven over real HTTP. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type RequestHandler } from 'express';
import { type AuthenticateOptions, Passport } from 'passport';
import type { StrategyLike } from '../../../lib/index.js';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
  readonly headers: Headers;
}

export interface LoginApp {
  readonly url: string;
  /** Posts a login form, from `ip` if given (the application trusts the loopback proxy). */
  login(username: unknown, password: unknown, ip?: string): Promise<Answer>;
  request(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly before?: readonly RequestHandler[];
  readonly trustProxy?: boolean;
}

export interface LoginAppOptions extends AppOptions {
  /** By name, in the order in which Passport is to try them. */
  readonly strategies: Readonly<Record<string, StrategyLike>>;
  readonly authenticate?: AuthenticateOptions;
}

export async function startLoginApp({ strategies, authenticate, ...options }: LoginAppOptions): Promise<LoginApp> {
  return startApp((app, passport) => {
    for (const [name, strategy] of Object.entries(strategies)) passport.use(name, strategy as never);
    const names = Object.keys(strategies);
    app.all('/login', passport.authenticate(names, { session: false, ...authenticate }), (req: Request, res) => {
      res.json({ user: req.user });
    });
  }, options);
}

/** The same for routes of the spec's own, over a Passport of their own. */
export async function startApp(
  addRoutes: (app: express.Express, passport: InstanceType<typeof Passport>) => void,
  { before = [], trustProxy = true }: AppOptions = {},
): Promise<LoginApp> {
  const app = express();
  app.set('trust proxy', trustProxy ? 'loopback' : false);
  app.use(express.json({ limit: '2mb' }), express.urlencoded({ extended: true, limit: '2mb' }), ...before);
  addRoutes(app, new Passport());
  app.use(((error, _req, res, _next) => {
    res.status((error as { status?: number }).status ?? 500).send(`error: ${(error as Error).message}`);
  }) as express.ErrorRequestHandler);

  const server = await listen(createServer(app));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = async (path: string, init?: RequestInit) => toAnswer(await fetch(`${url}${path}`, init));
  return {
    url,
    request,
    login: (username, password, ip) =>
      request('/login', {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json', ...(ip === undefined ? {} : { 'x-forwarded-for': ip }) },
        body: JSON.stringify({ username, password }),
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

async function toAnswer(response: Response): Promise<Answer> {
  return {
    status: response.status,
    body: await response.text(),
    retryAfter: response.headers.get('retry-after'),
    headers: response.headers,
  };
}

/** How often each status was answered, e.g. `{ 401: 2, 429: 58 }`. */
export function countStatuses(answers: readonly Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
