/** The library itself: passport-local through Passport, on the memory store, by the clock of the simulation. */
import passport from 'passport';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, MemoryStore, withLockout } from '../../lib/index.js';
import { Exchange } from './exchange.js';
import {
  type Answer,
  type Contender,
  DAY_MS,
  HOUR_MS,
  type Login,
  MINUTE_MS,
  type Plan,
  type Policy,
} from './policy.js';

/** One short of each tier of the defaults, or with it, and silent until all is forgotten: among these is the best cycle. */
const PLANS: readonly Plan[] = [
  ...[2, 5, 9].map((guesses) => ({ guesses, silenceMs: 7 * DAY_MS })),
  { guesses: 3, silenceMs: 7 * DAY_MS + 15 * MINUTE_MS },
  { guesses: 6, silenceMs: 7 * DAY_MS + 2 * HOUR_MS },
  { guesses: 10, silenceMs: 8 * DAY_MS },
];

/** Always the same, so that the digests of guesses are. */
export const SECRET = 'a secret of the simulation, 32 characters or more';

/** How an application uses it, besides the options. */
export interface Site extends Pick<Contender, 'settings' | 'scenarios'> {
  readonly options?: LockoutOptions;
  /** Whether `lockout.middleware()` is mounted before the login. */
  readonly hasMiddleware?: boolean;
  /** Whether the account needs a second factor; no account by default. */
  readonly needsCode?: (username: string) => boolean;
}

export function library(name: string, { options, settings, scenarios, ...site }: Site = {}): Contender {
  return {
    name,
    plans: PLANS,
    ...(settings && { settings }),
    ...(scenarios && { scenarios }),
    create: (clock) => {
      // The log tells of what happens here, and decides nothing.
      const store = new MemoryStore({ clock: () => clock.now });
      const lockout = new Lockout({ ...options, store, attemptLog: 'off' });
      // Such as that the programs keep no cookies, which they do not.
      lockout.on('warning', () => {});
      return createPolicy(lockout, site);
    },
  };
}

type Next = (error?: unknown) => void;
type Middleware = (req: Exchange, res: Exchange['res'], next: Next) => void;

const PASS_ON: Middleware = (_req, _res, next) => next();
const ANSWERS: ReadonlyMap<number, Answer> = new Map([
  [200, 'in'],
  [401, 'wrong'],
  [429, 'refused'],
]);

function createPolicy(lockout: Lockout, { hasMiddleware = false, needsCode = () => false }: Site): Policy {
  let current: Login | undefined;
  const verify: VerifyFunction = (username, _password, done) => done(null, current?.verify() ? { username } : false);
  const authenticator = new passport.Passport();
  authenticator.use('whole', withLockout(new LocalStrategy(verify), lockout));
  authenticator.use('first', withLockout(new LocalStrategy(verify), lockout, { resetOnSuccess: false }));
  const front = hasMiddleware ? (lockout.middleware() as unknown as Middleware) : PASS_ON;
  const [whole, first] = ['whole', 'first'].map((name) =>
    inTurn(front, authenticator.authenticate(name, { session: false }) as unknown as Middleware),
  ) as [Middleware, Middleware];

  const enterCode = async (login: Login): Promise<Answer> => {
    const exchange = new Exchange(login);
    const attempt = { req: exchange, username: login.username };
    const { outcome } = await lockout.protect(attempt, () => true, { factor: 'second' });
    exchange.res.end();
    return outcome === 'succeeded' ? 'in' : 'refused';
  };
  return {
    login: (login) => {
      current = login;
      const isHalf = needsCode(login.username);
      const answer = answerOf(isHalf ? first : whole, new Exchange(login));
      return isHalf && answer === 'in' ? enterCode(login) : answer;
    },
  };
}

function inTurn(front: Middleware, rest: Middleware): Middleware {
  return (req, res, next) => front(req, res, (error) => (error ? next(error) : rest(req, res, next)));
}

function answerOf(handle: Middleware, exchange: Exchange): Answer {
  const { res } = exchange;
  handle(exchange, res, (error) => {
    if (error) throw error;
    res.end();
  });
  const answer = res.isEnded ? ANSWERS.get(res.statusCode) : undefined;
  if (!answer) throw new Error(`expected an answer in the same turn, got ${res.statusCode}`);
  return answer;
}
