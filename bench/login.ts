/** One login request through Passport without a network: what is measured is Passport, the strategy and the lockout. */
import passport, { type Strategy } from 'passport';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';

/** Logs in, and returns the status of the answer; 200 if the route behind Passport is reached. */
export type Login = (username: string, password: string) => number;

export const RIGHT_PASSWORD = 'right';

/** A verify function that costs next to nothing, so that nothing hides the cost of the rest. */
const verify: VerifyFunction = (username, password, done) => done(null, password === RIGHT_PASSWORD && { username });

export function createStrategy(): LocalStrategy {
  return new LocalStrategy(verify);
}

export function createLogin(strategy: Strategy): Login {
  const send = createSender(strategy);
  return (username, password) => {
    let status = NOT_ANSWERED;
    send({ username, password }, IP, (error, answered) => {
      if (error) throw error;
      status = answered;
    });
    if (status === NOT_ANSWERED)
      throw new Error('the login was not answered in the same turn, so its time means nothing');
    return status;
  };
}

/** The same for strategies that query a database. */
export type AsyncLogin = (username: string, password: string, ip: string) => Promise<number>;

export function createAsyncLogin(strategy: Strategy): AsyncLogin {
  const send = createSender(strategy);
  return (username, password, ip) =>
    new Promise((resolve, reject) => {
      send({ username, password }, ip, (error, status) => (error ? reject(error) : resolve(status)));
    });
}

type Middleware = (req: object, res: object, next: (error?: unknown) => void) => void;
type Answered = (error: unknown, status: number) => void;

const NOT_ANSWERED = 0;
const IP = '203.0.113.9';

function createSender(strategy: Strategy): (body: object, ip: string, answered: Answered) => void {
  const authenticator = new passport.Passport();
  authenticator.use('bench', strategy);
  const middleware = authenticator.authenticate('bench', { session: false }) as unknown as Middleware;
  return (body, ip, answered) => {
    const res = {
      statusCode: 200,
      setHeader() {},
      end: () => answered(undefined, res.statusCode),
    };
    const req = {
      method: 'POST',
      url: '/login',
      ip,
      headers: { 'user-agent': 'bench' },
      query: {},
      body,
      // Like Express; the lockout finds the response there.
      res,
    };
    middleware(req, res, (error) => answered(error, 200));
  };
}
