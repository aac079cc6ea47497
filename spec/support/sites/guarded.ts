/** passport-local, guarded, over a verify function of the spec's own: what the specs of one guarded call drive. */
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { type Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../../lib/index.js';
import { onEvery } from '../fixtures/ladders.js';
import { SlowStore } from '../stores/slow-store.js';

export type Done = (error?: unknown, user?: unknown, info?: unknown) => void;
export type Verify = (username: string, password: string, done: Done) => unknown;

export const LIMIT_3: LockoutOptions = {
  dimensions: ['username'],
  tiers: onEvery([{ failures: 3, cooloff: { minutes: 15 } }]),
};
export const INFO = { message: 'wrong' };
export const USER = { id: 1 };

export const wrong: Verify = (_username, _password, done) => done(null, false);
export const right: Verify = (_username, _password, done) => done(null, USER);

/** What answers in the same turn, and what answers later. */
export const ON_STORES: readonly (readonly [name: string, options: () => LockoutOptions])[] = [
  ['the memory store', () => ({})],
  ['an asynchronous store', () => ({ store: new SlowStore() })],
];

export const request = (password = 'x') => ({ body: { username: 'alice', password }, ip: '203.0.113.9', headers: {} });

export const local = (verify: Verify) => new LocalStrategy(verify as VerifyFunction);

export const guarded = (verify: Verify, lockout: Lockout | LockoutOptions) => withLockout(local(verify), lockout);

/** A strategy that returns what verify returns, as those of promise-based libraries do; guarded. */
export function guardedReturning(verify: () => unknown, lockout: Lockout | LockoutOptions): StrategyLike {
  const inner = {
    _usernameField: 'username',
    _passwordField: 'password',
    _verify: verify,
    authenticate(this: { _verify(...args: unknown[]): unknown }, req: ReturnType<typeof request>) {
      return this._verify(req.body.username, req.body.password);
    },
  };
  return withLockout(inner as unknown as StrategyLike, lockout);
}

/** The info of a refusal because of a locked username. */
export function lockedInfo(retryAfter: number | null) {
  return {
    code: 'ERR_LOCKOUT_LOCKED',
    message: `Too many failed logins. ${retryAfter === null ? 'Please contact an administrator' : 'Try again in 15 minutes'}.`,
    dimension: 'username',
    retryAfter,
  };
}
