/** A login page with a lockout, a store and a clock of its own; users and attackers come to it over real HTTP. */
import type { RequestHandler } from 'express';
import type { AuthenticateOptions } from 'passport';
import {
  Lockout,
  type LockoutOptions,
  MemoryStore,
  type StrategyLike,
  type StrategyOptions,
  withLockout,
} from '../../../lib/index.js';
import type { FreshStores } from '../stores/each-store.js';
import { ManualClock } from '../stores/manual-clock.js';
import { PATIENT } from '../stores/patient.js';
import { EventLog } from '../tools/events.js';
import { type Answer, type LoginApp, startLoginApp } from './login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from './password-strategy.js';

/** Who makes the attempt, and how. */
export interface Visitor {
  readonly user?: unknown;
  readonly ip?: string;
  readonly agent?: string;
  readonly path?: string;
  readonly method?: string;
  /** What an answer should be, e.g. `text/html`. */
  readonly accept?: string;
}

export interface LoginSiteOptions {
  /** Instead of passport-local over the site's password check. */
  readonly strategy?: StrategyLike;
  readonly strategyOptions?: StrategyOptions;
  readonly authenticate?: AuthenticateOptions;
  readonly before?: (lockout: Lockout) => readonly RequestHandler[];
  readonly trustProxy?: boolean;
}

export const ALICE = { user: 'alice', ip: '203.0.113.1', agent: 'agent A' } as const;

export class LoginSite {
  readonly lockout: Lockout;
  readonly clock: ManualClock;
  readonly events: EventLog;
  readonly check: PasswordCheck;
  readonly app: LoginApp;

  private constructor(parts: Pick<LoginSite, 'lockout' | 'clock' | 'events' | 'check' | 'app'>) {
    this.lockout = parts.lockout;
    this.clock = parts.clock;
    this.events = parts.events;
    this.check = parts.check;
    this.app = parts.app;
  }

  static async open(
    stores: FreshStores,
    options: LockoutOptions = {},
    { strategy, strategyOptions, before, ...app }: LoginSiteOptions = {},
  ): Promise<LoginSite> {
    const clock = new ManualClock();
    const check = new PasswordCheck();
    // The log is awaited, so that what an attempt left behind can be read right after its answer.
    const lockout = new Lockout({ ...PATIENT, store: await stores.fresh(clock.read), attemptLog: 'await', ...options });
    const events = new EventLog(lockout);
    const wrapped = withLockout(strategy ?? check.strategy(), lockout, strategyOptions);
    const site = await startLoginApp({
      ...app,
      strategies: { local: wrapped },
      ...(before && { before: before(lockout) }),
    });
    return new LoginSite({ lockout, clock, events, check, app: site });
  }

  /** Tries a password, the right one unless told otherwise; of everything else the visitor does not say, ALICE's. */
  async logIn(visitor: Visitor = {}, password: unknown = RIGHT_PASSWORD): Promise<Answer> {
    const { user, ip, agent, path = '/login', method = 'POST', accept = '*/*' } = { ...ALICE, ...visitor };
    const headers = { 'x-forwarded-for': ip, 'user-agent': agent, accept, 'content-type': 'application/json' };
    const body = method === 'GET' ? null : JSON.stringify({ username: user, password });
    return this.app.request(path, { method, headers, body, redirect: 'manual' });
  }

  /** Tries wrong passwords, one after the other. */
  async guess(visitor: Visitor = {}, times = 1): Promise<Answer> {
    let last = await this.logIn(visitor, 'wrong');
    for (let done = 1; done < times; done += 1) last = await this.logIn(visitor, 'wrong');
    return last;
  }

  /** The statuses of this number of wrong passwords. */
  async statuses(times: number, visitor: Visitor = {}): Promise<readonly number[]> {
    const all: number[] = [];
    for (let done = 0; done < times; done += 1) all.push((await this.guess(visitor)).status);
    return all;
  }

  /** The key and the number of failures of each subject that has any. */
  async failures(): Promise<Readonly<Record<string, number>>> {
    const { items } = await this.lockout.list({ locked: false });
    return Object.fromEntries(items.filter(({ failures }) => failures > 0).map(({ key, failures }) => [key, failures]));
  }

  async lockedKeys(): Promise<readonly string[]> {
    return (await this.lockout.list()).items.map(({ key }) => key);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.lockout.close();
  }
}

/** Opens sites of one suite and closes each at the end of its spec. */
export function loginSites(stores: FreshStores): typeof open {
  let site: LoginSite | undefined;
  afterEach(async () => {
    await site?.close();
    site = undefined;
  });
  async function open(options?: LockoutOptions, app?: LoginSiteOptions): Promise<LoginSite> {
    await site?.close();
    site = await LoginSite.open(stores, options, app);
    return site;
  }
  return open;
}

/** For suites whose subject has nothing to do with a store. */
export function onMemoryStore(): FreshStores {
  return { isLogCapped: false, fresh: (clock) => new MemoryStore(clock ? { clock } : {}) };
}
