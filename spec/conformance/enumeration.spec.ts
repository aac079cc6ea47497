/** No response reveals whether a user exists. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type Answer, startApp } from '../support/sites/login-app.js';
import { stillStore } from '../support/stores/still-store.js';

const KNOWN = 'alice';
/** As long as the known one, so that not even a length may differ. */
const UNKNOWN = 'bobby';
const ACCEPTS = ['text/html', 'application/json', 'text/plain'];

const ALWAYS: LockoutOptions = { attemptsLeft: true, dimensions: ['username'] };
const WAYS: Readonly<Record<string, LockoutOptions>> = {
  "onLocked: 'fail'": ALWAYS,
  "onLocked: 'error'": { ...ALWAYS, onLocked: 'error' },
  "onLocked: 'respond'": { ...ALWAYS, onLocked: 'respond' },
  'an unlimited lock': { ...ALWAYS, onLocked: 'respond', tiers: [{ failures: 2, cooloff: 'forever' }] },
};

/** What a client can see; the date differs between any two answers. */
function visible({ status, body, headers }: Answer): object {
  return { status, body, headers: [...headers].filter(([name]) => name !== 'date') };
}

describe('The responses to known and unknown usernames', () => {
  for (const [way, options] of Object.entries(WAYS)) {
    for (const accept of ACCEPTS) {
      it(`are equal, attempt by attempt, with ${way} for ${accept}`, async () => {
        const lockout = new Lockout({ ...options, store: stillStore() });
        const strategy = new LocalStrategy((username, password, done) => {
          if (username === KNOWN && password === 'right') done(null, { username });
          else done(null, false, { message: 'Wrong username or password.' });
        });
        const app = await startApp((routes, passport) => {
          passport.use(withLockout(strategy, lockout));
          routes.post('/login', (req, res, next) => {
            const answer = (error: Error | null, _user: unknown, info: unknown, status = 401) =>
              error ? next(error) : res.status(status as number).json({ info });
            passport.authenticate('local', { session: false }, answer as never)(req, res, next);
          });
        });
        const logIn = (username: string) =>
          app.request('/login', {
            method: 'POST',
            headers: { 'content-type': 'application/json', accept },
            body: JSON.stringify({ username, password: 'wrong' }),
          });

        for (let attempt = 1; attempt <= 5; attempt += 1) {
          const [known, unknown] = [await logIn(KNOWN), await logIn(UNKNOWN)];
          expect(visible(known), `attempt ${attempt}`).to.deep.equal(visible(unknown));
          expect(known.status, `attempt ${attempt}`).to.equal(attempt < (options.tiers ? 2 : 3) ? 401 : 429);
        }
        await app.close();
      });
    }
  }
});
