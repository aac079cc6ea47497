/** One login request through Passport without a network: what is measured is Passport, the strategy and the lockout. */
import passport, { type Strategy } from 'passport';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';

/** Logs in, and returns the status of the answer; 200 when the route behind Passport is reached. */
export type Login = (username: string, password: string) => number;

export const RIGHT_PASSWORD = 'right';

/** A verify function that costs next to nothing, so that nothing hides the cost of the rest. */
const verify: VerifyFunction = (username, password, done) => done(null, password === RIGHT_PASSWORD && { username });

export function createStrategy(): LocalStrategy {
  return new LocalStrategy(verify);
}

export function createLogin(strategy: Strategy): Login {
  const authenticator = new passport.Passport();
  authenticator.use('bench', strategy);
  const middleware: unknown = authenticator.authenticate('bench', { session: false });
  return (username, password) => run(middleware as Middleware, { username, password });
}

type Middleware = (req: object, res: object, next: (error?: unknown) => void) => void;

const NOT_ANSWERED = 0;

function run(middleware: Middleware, body: object): number {
  let status = NOT_ANSWERED;
  const res = {
    statusCode: 200,
    setHeader() {},
    end() {
      status = res.statusCode;
    },
  };
  const req = {
    method: 'POST',
    url: '/login',
    ip: '203.0.113.9',
    headers: { 'user-agent': 'bench' },
    query: {},
    body,
    // As Express does; the lockout finds the response there.
    res,
  };
  middleware(req, res, (error) => {
    if (error) throw error;
    status = 200;
  });
  if (status === NOT_ANSWERED)
    throw new Error('the login was not answered in the same turn, so its time means nothing');
  return status;
}
