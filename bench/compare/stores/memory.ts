/** Everybody keeps counts in the memory of this process. */
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { MemoryStore } from '../../../lib/index.js';
import { WINDOW_SECONDS } from '../contender.js';
import { createOurs, createPlain } from '../ours.js';
import { createExpressBruteInMemory } from '../peers/express-brute.js';
import { createExpressRateLimit } from '../peers/express-rate-limit.js';
import { type CreateLimiter, createConsumeFirst, createRecipe } from '../peers/rate-limiter-flexible.js';
import type { WithField } from './field.js';

export const createLimiter: CreateLimiter = async (keyPrefix, points) =>
  new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_SECONDS });

export const withMemory: WithField = (use) =>
  use({
    store: 'memory',
    description: 'counts in the memory of the process',
    create: async (nameLimit) => [
      createPlain(),
      createOurs(new MemoryStore(), nameLimit),
      await createConsumeFirst(createLimiter, nameLimit),
      await createRecipe(createLimiter, nameLimit),
      createExpressRateLimit(nameLimit),
      createExpressBruteInMemory(nameLimit),
    ],
  });
