/** express-brute as its README guards a login: by name wherever it comes from, and by address; a success resets the name. */
import ExpressBrute from 'express-brute';
import type { Strategy } from 'passport';
import type { Response } from '../../exchange.js';
import { createAsyncLogin, createAuthenticate, type Middleware } from '../../login.js';
import { type Contender, type NameLimit, UNREACHABLE, WINDOW_SECONDS } from '../contender.js';

const waitMs = WINDOW_SECONDS * 1000;
const OPTIONS = {
  minWait: waitMs,
  maxWait: waitMs,
  lifetime: WINDOW_SECONDS,
  // By default it throws, in a callback of the driver.
  handleStoreError: ({ res }: { readonly res: Response }) => res.status(503).end(),
};

/** In memory; a timer for each key, which is a day long, would keep the process alive. */
export function createExpressBruteInMemory(nameLimit: NameLimit, strategy?: Strategy): Contender {
  const store = new ExpressBrute.MemoryStore();
  const close = async () => {
    for (const key of Object.keys(store.data)) store.reset(key);
  };
  return { ...createExpressBrute(store, nameLimit, strategy), close };
}

export function createExpressBrute(store: ExpressBrute.Store, nameLimit: NameLimit, strategy?: Strategy): Contender {
  const names = new ExpressBrute(store, { ...OPTIONS, freeRetries: nameLimit - 1 });
  const addresses = new ExpressBrute(store, { ...OPTIONS, freeRetries: UNREACHABLE, attachResetToRequest: false });
  const byName = names.getMiddleware({ key: ({ body }, _res, next) => next(body.username), ignoreIP: true });
  const reset: Middleware = (req, _res, next) => {
    (req as unknown as ExpressBrute.Guarded).brute.reset(() => next());
  };
  return {
    name: 'brute',
    mayFail: true,
    login: createAsyncLogin([addresses.prevent, byName, createAuthenticate(strategy), reset]),
  };
}
