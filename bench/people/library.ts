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

/** @param options - with `secret`, known devices log in by the cookies that their jars keep */
export function library(name: string, options: LockoutOptions = {}): Contender {
  return {
    name,
    plans: PLANS,
    create: (clock) => {
      // The log tells of what happens here, and decides nothing.
      const store = new MemoryStore({ clock: () => clock.now });
      return createPolicy(new Lockout({ ...options, store, attemptLog: 'off' }));
    },
  };
}

type Middleware = (req: Exchange, res: Exchange['res'], next: (error?: unknown) => void) => void;

const ANSWERS: ReadonlyMap<number, Answer> = new Map([
  [200, 'in'],
  [401, 'wrong'],
  [429, 'refused'],
]);

function createPolicy(lockout: Lockout): Policy {
  let current: Login | undefined;
  const verify: VerifyFunction = (username, _password, done) => done(null, current?.verify() ? { username } : false);
  const authenticator = new passport.Passport();
  authenticator.use('local', withLockout(new LocalStrategy(verify), lockout));
  const authenticate = authenticator.authenticate('local', { session: false }) as unknown as Middleware;
  return {
    login: (login) => {
      current = login;
      const exchange = new Exchange(login);
      authenticate(exchange, exchange.res, (error) => {
        if (error) throw error;
        exchange.res.end();
      });
      const answer = exchange.res.isEnded ? ANSWERS.get(exchange.res.statusCode) : undefined;
      if (!answer) throw new Error(`expected an answer in the same turn, got ${exchange.res.statusCode}`);
      return answer;
    },
  };
}
