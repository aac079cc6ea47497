/** express-rate-limit as logins are guarded with it: by address and name, successes given back. It keeps its counts in memory. */
import { rateLimit } from 'express-rate-limit';
import type { Strategy } from 'passport';
import { createAsyncLogin, createAuthenticate, type Middleware } from '../../login.js';
import { type Contender, type NameLimit, WINDOW_SECONDS } from '../contender.js';

export function createExpressRateLimit(nameLimit: NameLimit, strategy?: Strategy): Contender {
  const limit = rateLimit({
    windowMs: WINDOW_SECONDS * 1000,
    limit: nameLimit,
    skipSuccessfulRequests: true,
    keyGenerator: (req) => `${req.ip}|${req.body.username}`,
    validate: false,
  });
  const middleware = limit as unknown as Middleware;
  return { name: 'erl', login: createAsyncLogin([middleware, createAuthenticate(strategy)]) };
}
