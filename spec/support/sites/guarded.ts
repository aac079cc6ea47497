/** passport-local, guarded, over a verify function of the spec's own: what the specs of one guarded call drive. */
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { type Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../../lib/index.js';
import { onEvery } from '../fixtures/ladders.js';
import { SlowStore } from '../stores/slow-store.js';
import { until } from '../tools/until.js';
import { drive } from './drive.js';

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

/** What a strategy finds on itself while it runs. */
export interface Running {
  _verify(...args: unknown[]): unknown;
  authenticate(...args: unknown[]): unknown;
  success(user: unknown): void;
  fail(info?: unknown, status?: number): void;
  error(error: unknown): void;
  pass(): void;
  redirect(url: string): void;
}

/** How somebody's own strategy goes about it. */
export type Course = (self: Running, req: ReturnType<typeof request>) => unknown;

/** Somebody's own strategy, with a username and a password; guarded. */
export function guardedCourse(
  course: Course,
  verify: (...args: never[]) => unknown,
  lockout: Lockout | LockoutOptions,
): StrategyLike {
  const inner = {
    name: 'own',
    _usernameField: 'username',
    _passwordField: 'password',
    _verify: verify,
    authenticate(this: Running, req: ReturnType<typeof request>) {
      return course(this, req);
    },
  };
  return withLockout(inner as unknown as StrategyLike, lockout);
}

/** The first action of one login, and its status. */
export async function endOf(strategy: StrategyLike, req: object = request()): Promise<string> {
  const { actions } = drive(strategy, req);
  await until(() => actions.length > 0);
  const [name, , status] = actions[0] as readonly unknown[];
  return status === undefined ? String(name) : `${name} ${status}`;
}

/** The ends of this number of logins, one after the other. */
export async function endsOf(strategy: StrategyLike, logins: number): Promise<readonly string[]> {
  const ends: string[] = [];
  for (let login = 0; login < logins; login += 1) ends.push(await endOf(strategy));
  return ends;
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
