/** The opposite of the differential specs: that a wrapped strategy really locks. */
import { expect } from 'chai';
import {
  Lockout,
  type LockoutOptions,
  MemoryStore,
  type StrategyLike,
  type StrategyOptions,
  withLockout,
} from '../../../lib/index.js';
import { onEvery } from '../fixtures/ladders.js';
import { STORES_BY_TURN } from '../stores/stores-by-turn.js';
import { EventLog } from '../tools/events.js';
import { until } from '../tools/until.js';
import { quiet, type Request } from './differential.js';
import { drive } from './drive.js';

const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: { minutes: 15 } }]) };
const IP = '203.0.113.9';
const OTHER_IP = '198.51.100.7';

/** What came of one request: the last action, or the status of a failure that has the wrapper's info. */
async function outcome(strategy: StrategyLike, req: Request): Promise<string> {
  const { actions } = drive(strategy, req);
  await until(() => actions.length > 0);
  await quiet(() => actions.length);
  const [name, info, status] = actions.at(-1) as readonly unknown[];
  return (info as { code?: string } | undefined)?.code === 'ERR_LOCKOUT_LOCKED' ? `locked ${status}` : String(name);
}

async function outcomes(strategy: StrategyLike, requests: readonly Request[]): Promise<readonly string[]> {
  const all: string[] = [];
  for (const req of requests) all.push(await outcome(strategy, req));
  return all;
}

export interface CredentialLock {
  /** A strategy whose verify calls `checked` and then judges. */
  create(checked: (username: unknown) => void): StrategyLike;
  /** Right or wrong credentials of a user, in a new request. */
  request(username: string, isRight: boolean): Request;
  readonly strategyOptions?: StrategyOptions;
  /** How alice is counted. Default: by her name. */
  readonly alice?: string;
}

/** Credentials that name a user. */
export function describeCredentialLock(name: string, lock: CredentialLock): void {
  const options: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };
  const { alice = 'alice' } = lock;
  const wrong = (username: string) => lock.request(username, false);
  const right = (username: string) => lock.request(username, true);
  const guarded = (lockout: Lockout, checked: (username: unknown) => void = () => {}) =>
    withLockout(lock.create(checked), lockout, lock.strategyOptions);

  for (const [storeName, createStore] of STORES_BY_TURN) {
    describe(`${name}, on ${storeName},`, () => {
      it('refuses at the limit, without checking while locked, and does not affect the other user', async () => {
        const checked: unknown[] = [];
        const lockout = new Lockout({ ...options, store: createStore() });
        const strategy = guarded(lockout, (username) => checked.push(username));
        const requests = [wrong('alice'), wrong('alice'), wrong('alice'), right('alice'), right('bob')];
        expect(await outcomes(strategy, requests)).to.deep.equal([
          'fail',
          'fail',
          'locked 429',
          'locked 429',
          'success',
        ]);
        expect(checked).to.have.length(4);
        expect((await lockout.list()).items.map(({ parts }) => parts)).to.deep.equal([{ username: alice }]);
      });

      it('forgives the failures of a user who logs in', async () => {
        const lockout = new Lockout({ ...options, store: createStore() });
        const strategy = guarded(lockout);
        const requests = [wrong('alice'), wrong('alice'), right('alice'), wrong('alice'), wrong('alice')];
        expect(await outcomes(strategy, requests)).to.deep.equal(['fail', 'fail', 'success', 'fail', 'fail']);
        expect(await lockout.status({ username: alice })).to.include({ failures: 2, verifying: 0 });
      });
    });
  }
}

export interface TokenLock {
  /** A strategy whose verify calls `checked` and then judges. */
  create(checked: () => void): StrategyLike;
  /** The token, or what else the client shows, in a new request. */
  request(isRight: boolean): Request;
  /** What must not be kept anywhere. */
  readonly secrets: readonly string[];
  /** How the strategy ends with a wrong token. */
  readonly failure?: string;
}

/** Credentials without a name: counted by address alone, and never kept. */
export function describeTokenLock(name: string, { create, request, secrets, failure = 'fail' }: TokenLock): void {
  for (const [storeName, createStore] of STORES_BY_TURN) {
    describe(`${name}, counted by address, on ${storeName},`, () => {
      it('refuses at the limit, without checking while locked, and does not affect the other address', async () => {
        let checks = 0;
        const inner = create(() => {
          checks += 1;
        });
        const strategy = withLockout(inner, { ...LIMIT_3, store: createStore() });
        const requests = [request(false), request(false), request(false), request(true)];
        const elsewhere = { ...request(true), ip: OTHER_IP };
        expect(await outcomes(strategy, [...requests, elsewhere])).to.deep.equal([
          failure,
          failure,
          'locked 429',
          'locked 429',
          'success',
        ]);
        expect(checks).to.equal(4);
      });

      it('forgives no failures of an address for a good token, which an attacker may have, too', async () => {
        const inner = create(() => undefined);
        const strategy = withLockout(inner, { ...LIMIT_3, store: createStore() });
        const requests = [request(false), request(false), request(true), request(false), request(true)];
        expect(await outcomes(strategy, requests)).to.deep.equal([
          failure,
          failure,
          'success',
          'locked 429',
          'locked 429',
        ]);
      });

      it('keeps the token out of keys, events and log entries', async () => {
        const store = createStore();
        const lockout = new Lockout({ ...LIMIT_3, store });
        const events = new EventLog(lockout);
        const inner = create(() => undefined);
        const strategy = withLockout(inner, lockout);
        await outcomes(strategy, [request(true), request(false), request(false), request(false), request(true)]);
        const { items } = await lockout.list({ locked: false });
        const locked = (await lockout.list()).items;
        expect(locked.map(({ parts }) => parts)).to.deep.equal([{ ip: IP }]);
        const log = store instanceof MemoryStore ? (await lockout.attempts()).items : [];
        const kept = JSON.stringify([items, locked, events.all, log]);
        expect(events.count('attempt_failed')).to.equal(3);
        for (const secret of secrets) expect(kept).not.to.include(secret);
      });
    });
  }
}

export interface RedirectFlow {
  /** A strategy over what the application decides about an account the provider has vouched for. */
  create(accept: () => boolean): StrategyLike;
  start(): Request;
  callback(): Request;
}

/** A provider judges the password: neither the start nor a refused account is a guess. */
export function describeRedirectFlow(name: string, { create, start, callback }: RedirectFlow): void {
  for (const [storeName, createStore] of STORES_BY_TURN) {
    describe(`${name}, which guesses nothing, on ${storeName},`, () => {
      it('never counts or refuses a start', async () => {
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        const inner = create(() => true);
        const strategy = withLockout(inner, lockout);
        const starts = Array.from({ length: 5 }, start);
        expect(new Set(await outcomes(strategy, starts))).to.deep.equal(new Set(['redirect']));
        expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
        await lockout.block({ ip: IP }, { for: 'forever' });
        expect(await outcome(strategy, start())).to.equal('redirect');
      });

      it('does not count an account that the application refuses', async () => {
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        const inner = create(() => false);
        const strategy = withLockout(inner, lockout);
        const callbacks = Array.from({ length: 5 }, callback);
        expect(new Set(await outcomes(strategy, callbacks))).to.deep.equal(new Set(['fail']));
        expect((await lockout.status({ ip: IP })).failures).to.equal(0);
      });

      it('does not call the application while the address is locked', async () => {
        let asked = 0;
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        await lockout.block({ ip: IP }, { for: 'forever' });
        const inner = create(() => {
          asked += 1;
          return true;
        });
        const strategy = withLockout(inner, lockout);
        expect(await outcome(strategy, callback())).to.equal('locked 429');
        expect(asked).to.equal(0);
      });
    });
  }
}
