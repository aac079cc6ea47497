/** Every public function and method, and what it may be called with. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import fc from 'fast-check';
import mongoose from 'mongoose';
import { Strategy as LocalStrategy } from 'passport-local';
import {
  canonicalUsername,
  exponentialLadder,
  guessesPerYear,
  Lockout,
  type LockoutOptions,
  lockoutMixin,
  MemoryStore,
  type StrategyOptions,
  trustedProxies,
  withLockout,
} from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { drive } from '../../support/sites/drive.js';
import { aFunction, anything, BOOM, bagOf, oftenRight } from './values.js';

/** Values that must never be shown: a secret of the options, a password, a cookie. */
export const SECRET = 'hunter2 hunter2 hunter2 hunter2 hunter2';

/** Where a call is made. */
interface CallSite {
  /** It has seen some logins. */
  readonly lockout: Lockout;
  /** Passes on everything that another lockout emits, to be examined. */
  watch(lockout: Lockout): Lockout;
}

type Act = (site: CallSite, ...args: never[]) => unknown;

interface Call {
  readonly act: Act;
  readonly args: readonly fc.Arbitrary<unknown>[];
}

const name = fc.constantFrom('alice', ' Alice ', 'bob', 'CLIENT:app');
const ip = fc.constantFrom('203.0.113.9', '2001:db8::1');
const text = fc.string();
const duration = fc.constantFrom<unknown>({ minutes: 1 }, 'PT1H', 'forever', { milliseconds: 1 });
const flag = fc.boolean();
const date = fc.date();
const limit = fc.integer({ min: 0, max: 5 });
const outcome = fc.constantFrom('failed', 'succeeded', 'refused', 'logout');
const longRunning = { signal: fc.constant(new AbortController().signal), onProgress: aFunction };

const headers = bagOf({ 'user-agent': text, 'accept-language': text, 'x-forwarded-for': text, accept: text });
const request = bagOf({ ip, method: text, url: text, originalUrl: text, headers, socket: bagOf({ remoteAddress: ip }) })
  // Whatever it is, it brings a password and a session.
  .map((req) => (isPlain(req) ? { ...req, sessionID: SECRET, body: { username: 'alice', password: SECRET } } : req));
const attempt = bagOf({ req: request, username: name, isClient: flag, ip, action: text });
const subject = oftenRight(
  bagOf({ username: name, ip }),
  { username: 'alice' },
  { ip: '::1' },
  { username: 'bob', ip: '::1' },
);
const listOf = (item: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 9, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) }, anything);
const tier = bagOf({ failures: fc.integer({ min: 1, max: 9 }), cooloff: duration });
const accessList = bagOf({ ips: listOf(ip), usernames: listOf(name), when: aFunction });
const dimension = fc.oneof(fc.constantFrom<unknown>('ip', 'username', 'userAgent', ['ip', 'username']), aFunction);

const options: Readonly<Record<keyof LockoutOptions, fc.Arbitrary<unknown>>> = {
  store: fc.constantFrom(undefined).map(() => new MemoryStore()),
  dimensions: fc.oneof(listOf(dimension), aFunction),
  tiers: fc.oneof(listOf(tier), bagOf({ username: listOf(tier), ip: listOf(tier) }), aFunction),
  forgetAfter: duration,
  forgetFrom: fc.constantFrom('first', 'last'),
  resetOnSuccess: fc.constantFrom(true, 'all', false),
  hardStop: bagOf({ failures: fc.integer({ min: 1, max: 9 }), forgetAfter: duration }),
  mode: fc.constantFrom('enforce', 'monitor'),
  enabled: flag,
  username: aFunction,
  ipOnly: flag,
  isFailure: aFunction,
  canonicalUsername: aFunction,
  usernames: bagOf({ accents: fc.constantFrom('ignore', 'keep'), unique: flag }),
  clientIp: aFunction,
  ipv6Prefix: fc.integer({ min: 32, max: 128 }),
  allow: accessList,
  deny: accessList,
  restrictTo: accessList,
  skip: aFunction,
  onLocked: fc.oneof(fc.constantFrom<unknown>('fail', 'error', 'respond'), aFunction),
  respondWith: bagOf({
    page: aFunction,
    redirectTo: text,
    corsOrigin: fc.oneof(fc.constantFrom('*', 'https://app.example'), text),
    prefer: fc.constant('html'),
    backTo: fc.oneof(fc.constant('/login'), text),
  }),
  info: aFunction,
  attemptsLeft: flag,
  lockedStatus: fc.integer({ min: 400, max: 599 }),
  lockedMessage: text,
  messages: bagOf({ de: bagOf({ locked: text, title: text, back: text }) }),
  locale: fc.oneof(fc.constantFrom<unknown>('de', 'en'), aFunction),
  retryAfterHeader: flag,
  onStoreError: fc.constantFrom<unknown>('deny', 'allow', { fallback: new MemoryStore() }),
  storeTimeout: duration,
  leaseTimeout: fc.constant({ minutes: 1 }),
  busyTimeout: duration,
  maxWaiters: limit,
  lockCacheTtl: duration,
  attemptLog: fc.constantFrom('background', 'await', 'off'),
  attemptLogRetention: duration,
  attemptLogPerUsername: fc.constantFrom<unknown>(1, 'all'),
  attemptLogPerAddress: fc.constantFrom<unknown>(1, 'all'),
  secret: fc.constantFrom<unknown>(SECRET, [SECRET]),
  knownDevices: fc.constantFrom<unknown>(false, { maxAge: { days: 30 } }, { cookie: { name: 'device' } }),
  repeatedGuess: fc.constantFrom('once', 'count'),
  signals: fc.constantFrom<unknown>(false, { usernames: 2 }, { newFailures: 1, factor: 1 }),
  pseudonymize: fc.constantFrom<unknown>(SECRET, { current: SECRET, previous: `${SECRET}${SECRET}` }),
  sensitive: fc.constantFrom<unknown>(['username'], ['ip']),
};
const optionsBag = bagOf(options);
const strategyBag = bagOf({
  username: aFunction,
  ipOnly: flag,
  isFailure: aFunction,
  resetOnSuccess: flag,
  clients: flag,
  guard: fc.constant('authenticate'),
  factor: fc.constantFrom('first', 'second'),
} satisfies Record<keyof StrategyOptions, fc.Arbitrary<unknown>>);

const RESPONSE = { headersSent: false, setHeader() {}, getHeader: () => undefined, end() {} };
const REQUEST = {
  ip: '203.0.113.9',
  headers: { cookie: SECRET },
  body: { username: 'alice', password: SECRET },
  res: RESPONSE,
};

/** Makes a lockout of its own and tries it, first as right as can be. */
async function tryOut(lockout: Lockout): Promise<void> {
  for (const verdict of [false, true]) {
    await lockout
      .protect({ username: 'alice', ip: '203.0.113.9', req: REQUEST }, () => verdict)
      .finally(() => expectNoSlots(lockout));
  }
  await lockout.close();
}

/** The error that Passport is given is thrown on, so that it is looked at like any other. */
function login(strategy: Parameters<typeof drive>[0], times = 2): void {
  for (let time = 0; time < times; time += 1) {
    const { actions, thrown } = drive(strategy, REQUEST);
    const error = thrown ?? actions.find(([action]) => action === 'error')?.[1];
    if (error !== undefined && error !== WRONG) throw error;
  }
}

const WRONG = Object.assign(new Error('wrong'), { status: 401 });
type VerifyEnd = (done: (error: unknown, user?: unknown) => void) => unknown;
const ENDS: readonly VerifyEnd[] = [
  (done) => done(null, false),
  (done) => done(null, { id: 1 }),
  (done) => done(WRONG),
  (done) => done(BOOM),
  () => {
    throw WRONG;
  },
  () => {
    throw BOOM;
  },
];

const local = (end: VerifyEnd = (done) => done(null, false)) =>
  new LocalStrategy((_username, _password, done) => end(done as (error: unknown) => void) as undefined);

export async function expectNoSlots(lockout: Lockout): Promise<void> {
  const { items } = await lockout.list({ locked: false, limit: 1_000 });
  const held = items.filter(({ verifying }) => verifying > 0);
  if (held.length > 0) throw new Error(`a slot was lost: ${held.map(({ key }) => key).join()}`);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

interface MixedClass {
  readonly lockout: Lockout;
  new (...args: unknown[]): object;
}

const method =
  (name: keyof Lockout): Act =>
  ({ lockout }, ...args) =>
    Reflect.apply(lockout[name] as () => unknown, lockout, args);

const LADDER = { after: 3, base: { seconds: 1 }, cap: { days: 1 } };
const UNOPENED = mongoose.createConnection();

const call = (act: Act, ...args: fc.Arbitrary<unknown>[]): Call => ({ act, args });

export const CALLS: Readonly<Record<string, Call>> = {
  protect: call(
    method('protect'),
    attempt,
    fc.oneof({ weight: 4, arbitrary: aFunction }, anything),
    oftenRight(bagOf({ isFailure: aFunction, resetOnSuccess: flag }), undefined),
  ),
  status: call(method('status'), subject),
  list: call(
    method('list'),
    bagOf({
      dimension: text,
      locked: flag,
      username: name,
      ip,
      order: fc.constantFrom('key', 'lockedUntil'),
      limit,
      cursor: fc.oneof(
        text,
        text.map((cursor) => Buffer.from(`0:key:${cursor}`).toString('base64url')),
      ),
    }),
  ),
  attempts: call(
    method('attempts'),
    bagOf({ outcome, username: name, ip, since: date, until: date, limit, cursor: fc.constant('1.a') }),
  ),
  block: call(
    method('block'),
    subject,
    oftenRight(
      bagOf({ for: duration, until: date, reason: text, by: text }),
      { for: 'forever' },
      { for: 'PT1M', by: 'x' },
    ),
  ),
  unblock: call(method('unblock'), subject, oftenRight(bagOf({ by: text }), undefined)),
  reset: call(
    method('reset'),
    bagOf({
      ip,
      username: name,
      match: fc.constantFrom('all', 'any'),
      all: fc.constant(true),
      by: text,
      ...longRunning,
    }),
  ),
  removeAttempts: call(
    method('removeAttempts'),
    oftenRight(bagOf({ olderThan: duration, all: fc.constant(true), outcome, ...longRunning }), { all: true }),
  ),
  erase: call(method('erase'), oftenRight(bagOf({ username: name, by: text, ...longRunning }), { username: 'alice' })),
  cleanup: call(method('cleanup'), bagOf(longRunning)),
  createUnlockToken: call(method('createUnlockToken'), subject, oftenRight(bagOf({ expiresIn: duration }), undefined)),
  redeemUnlockToken: call(method('redeemUnlockToken'), anything, bagOf({ by: text })),
  recordLogout: call(method('recordLogout'), request, bagOf({ username: name })),
  check: call(method('check')),
  middleware: call(
    ({ lockout }, req: IncomingMessage, res: ServerResponse) =>
      new Promise<void>((resolve, reject) => {
        const end = () => resolve();
        const answer = typeof res === 'object' && res !== null && isPlain(res) ? { ...RESPONSE, ...res, end } : res;
        lockout.middleware()(req, answer as never, (error) => (error === undefined ? resolve() : reject(error)));
      }),
    request,
    fc.oneof(fc.constant(RESPONSE), anything),
  ),
  Lockout: call(({ watch }, given: LockoutOptions) => tryOut(watch(new Lockout(given))), optionsBag),
  withLockout: call(
    ({ watch }, given: LockoutOptions, own: object) => {
      const strategy = withLockout(local(), given, own);
      watch(strategy.lockout);
      login(strategy);
    },
    optionsBag,
    fc.oneof(fc.constant(undefined), strategyBag),
  ),
  'functions of one strategy': call(
    ({ watch }, end: VerifyEnd, given: LockoutOptions, own: object) => {
      const tiers = [{ failures: 2, cooloff: 'forever' as const }];
      const lockout = watch(new Lockout({ tiers, dimensions: ['username', 'ip'], ...given }));
      // One that never ends keeps its slot, as it should.
      login(withLockout(local(ENDS.includes(end) ? end : undefined), lockout, own), 4);
    },
    fc.constantFrom(...ENDS),
    fc.record({ onLocked: fc.oneof(fc.constantFrom<unknown>('fail', 'error', 'respond'), aFunction) }),
    fc.record({ username: aFunction, isFailure: aFunction, guard: fc.constant('authenticate') }, { requiredKeys: [] }),
  ),
  'withLockout of anything': call((_, ...args) => Reflect.apply(withLockout, undefined, args), anything),
  'lockoutMixin of anything': call((_, ...args) => Reflect.apply(lockoutMixin, undefined, args), anything),
  lockoutMixin: call(
    ({ watch }, given: LockoutOptions, own: object) => {
      const Mixed = lockoutMixin(LocalStrategy as never, given, own) as unknown as MixedClass;
      watch(Mixed.lockout);
      login(
        new Mixed((_username: string, _password: string, done: (error: null, user: false) => void) =>
          done(null, false),
        ) as never,
      );
    },
    optionsBag,
    fc.oneof(fc.constant(undefined), strategyBag),
  ),
  guessesPerYear: call(
    (_, ...args) => Reflect.apply(guessesPerYear, undefined, args),
    optionsBag,
    bagOf({ username: name }),
  ),
  exponentialLadder: call(
    (_, ...args) => Reflect.apply(exponentialLadder, undefined, args),
    oftenRight(bagOf({ after: limit, base: duration, factor: fc.double(), cap: duration, every: limit }), LADDER, {
      ...LADDER,
      factor: 1.1,
    }),
  ),
  canonicalUsername: call(
    (_, ...args) => Reflect.apply(canonicalUsername, undefined, args),
    fc.oneof(anything, fc.string({ unit: 'binary' })),
    fc.oneof(fc.constant(undefined), bagOf({ accents: fc.constantFrom('ignore', 'keep') })),
  ),
  trustedProxies: call(
    (_, networks: string[], given: object, req: object) => trustedProxies(networks, given)(req),
    listOf(fc.constantFrom('loopback', '10.0.0.0/8', '203.0.113.9')),
    oftenRight(bagOf({ header: fc.constant('X-Real-IP') }), undefined),
    request,
  ),
  MemoryStore: call(
    ({ watch }, given: object) => tryOut(watch(new Lockout({ store: new MemoryStore(given) }))),
    bagOf({ clock: aFunction, maxSubjects: limit, maxAttempts: limit }),
  ),
  MongoStore: call(
    (_, connection: never, given: object) => new MongoStore(connection, given),
    oftenRight(anything, UNOPENED),
    oftenRight(bagOf({ prefix: fc.constantFrom('', 'a_'), clock: aFunction }), undefined),
  ),
};
