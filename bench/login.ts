/** One login through Passport without a network: what is measured is Passport, the strategy, and what guards them. */
import passport, { type Strategy } from 'passport';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { type Credentials, Request, type Response } from './exchange.js';

export type Middleware = (req: Request, res: Response, next: (error?: unknown) => void) => void;

export const RIGHT_PASSWORD = 'right';

/** A verify function that costs next to nothing, so that nothing hides the cost of the rest. */
const verify: VerifyFunction = (username, password, done) => done(null, password === RIGHT_PASSWORD && { username });

export function createStrategy(check: VerifyFunction = verify): LocalStrategy {
  return new LocalStrategy(check);
}

/** Returns `passport.authenticate` of a Passport that has this strategy only. */
export function createAuthenticate(strategy: Strategy = createStrategy()): Middleware {
  const authenticator = new passport.Passport();
  authenticator.use('bench', strategy);
  return authenticator.authenticate('bench', { session: false }) as unknown as Middleware;
}

/** Asks Passport in the way of its custom callback, and leaves the answer to the caller; returns whether the password was right. */
export function createVerdict(
  strategy: Strategy = createStrategy(),
): (req: Request, res: Response) => Promise<boolean> {
  const authenticator = new passport.Passport();
  authenticator.use('bench', strategy);
  return (req, res) =>
    new Promise((resolve, reject) => {
      const answer = (error: unknown, user: unknown) => (error ? reject(error) : resolve(Boolean(user)));
      const authenticate = authenticator.authenticate('bench', { session: false }, answer) as unknown as Middleware;
      authenticate(req, res, reject);
    });
}

/** Logs in, and returns the status of the answer; 200 if the route behind the middleware is reached. */
export type Login = (username: string, password: string) => number;

/** For logins that are answered in the same turn. */
export function createLogin(strategy: Strategy): Login {
  const authenticate = createAuthenticate(strategy);
  return (username, password) => {
    let status = NOT_ANSWERED;
    send([authenticate], { username, password, ip: IP }, (error, answered) => {
      if (error) throw error;
      status = answered;
    });
    if (status === NOT_ANSWERED)
      throw new Error('the login was not answered in the same turn, so its time means nothing');
    return status;
  };
}

/** The same with a promise, for all that may wait for a store. */
export type AsyncLogin = (credentials: Credentials) => Promise<number>;

/** @param route - the middleware of the login route, in order */
export function createAsyncLogin(route: readonly Middleware[]): AsyncLogin {
  return (credentials) =>
    new Promise((resolve, reject) => {
      send(route, credentials, (error, status) => (error ? reject(error) : resolve(status)));
    });
}

const NOT_ANSWERED = 0;
const IP = '203.0.113.9';

function send(
  route: readonly Middleware[],
  credentials: Credentials,
  answered: (error: unknown, status: number) => void,
): void {
  const req = new Request(credentials, (status) => answered(undefined, status));
  const run = (index: number): void => {
    const middleware = route[index];
    if (!middleware) {
      req.res.end();
      return;
    }
    middleware(req, req.res, (error) => (error ? answered(error, 500) : run(index + 1)));
  };
  run(0);
}
