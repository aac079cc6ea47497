/** Compile-only: the types of the built package, as CommonJS sees them. Compiling is the test; `@ts-expect-error` marks mistakes. */
const passport = require('passport') as typeof import('passport');

import type {
  AccessList,
  BlockedEvent,
  LockedInfo,
  LockoutError,
  LockoutErrorCode,
  LockoutHandle,
  LockoutOptions,
  LockoutWarningCode,
  RespondOptions,
  StrategyLike,
  WarningEvent,
  WithLockout,
} from 'passport-lockout';

const {
  exponentialLadder,
  isLockedInfo,
  Lockout,
  LockoutStoreError,
  lockoutMixin,
  MemoryStore,
  trustedProxies,
  withLockout,
} = require('passport-lockout') as typeof import('passport-lockout');
const { Strategy: LocalStrategy } = require('passport-local') as typeof import('passport-local');
type Lockout = InstanceType<typeof Lockout>;
type LocalStrategy = InstanceType<typeof LocalStrategy>;

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_T extends true>(): void {}

class OwnStrategy implements StrategyLike {
  readonly name = 'own';
  readonly realm: string = 'x';
  _verify(): void {}
  authenticate(): void {}
}

function types(): void {
  const lockout = new Lockout();

  const wrapped = withLockout(new LocalStrategy(() => {}), lockout);
  holds<Equal<typeof wrapped, WithLockout<LocalStrategy>>>();
  holds<Equal<typeof wrapped, LocalStrategy & LockoutHandle>>();
  holds<Equal<typeof wrapped.lockout, Lockout>>();
  passport.use(wrapped).use('again', wrapped);
  passport.authenticate(wrapped);

  const own = withLockout(new OwnStrategy(), {}, { username: ({ args }) => args[0], ipOnly: false });
  holds<Equal<typeof own.realm, string>>();
  holds<Equal<typeof own.name, 'own'>>();
  own.on('blocked', (event) => holds<Equal<typeof event, BlockedEvent>>());
  own.once('warning', (event) => holds<Equal<typeof event, WarningEvent>>());
  lockout.on('username_blocked', ({ failures, lockedUntil, remaining }) => {
    holds<Equal<typeof failures, number>>();
    holds<Equal<typeof lockedUntil, Date | null>>();
    remaining?.toISO();
  });

  const Mixed = lockoutMixin(OwnStrategy, lockout);
  const mixed = new Mixed();
  holds<Equal<typeof Mixed.lockout, Lockout>>();
  holds<Equal<typeof mixed.realm, string>>();

  // @ts-expect-error -- no such event
  own.on('error', () => {});
  // @ts-expect-error -- no such option
  withLockout(new OwnStrategy(), { forgetAfer: 'PT1H' });
  // @ts-expect-error -- an option of the lockout, not of one strategy
  withLockout(new OwnStrategy(), lockout, { tiers: [] });
  // @ts-expect-error -- no strategy
  withLockout({ verify() {} });
  // @ts-expect-error -- no strategy class
  lockoutMixin(Date);
}

function codes(locked: LockedInfo, error: LockoutError, { code }: WarningEvent): string | undefined {
  // @ts-expect-error -- a mistyped code
  if (locked.code === 'ERR_LOCKOUT_LOKED') return;
  // @ts-expect-error -- no code of a refusal
  if (locked.code === 'ERR_LOCKOUT_STORE_FAILED') return;
  // @ts-expect-error -- no code of an error
  if (error.code === 'WARN_LOCKOUT_DISABLED') return;
  // @ts-expect-error -- a mistyped code of a warning
  if (code === 'WARN_LOCKOUT_LOG_LOSS') return;
  if (error instanceof LockoutStoreError) {
    holds<
      Equal<typeof error.code, 'ERR_LOCKOUT_STORE_FAILED' | 'ERR_LOCKOUT_STORE_FULL' | 'ERR_LOCKOUT_STORE_TIMEOUT'>
    >();
  }
  const any: LockoutErrorCode = error.code;
  const warning: LockoutWarningCode = code;
  switch (locked.code) {
    case 'ERR_LOCKOUT_LOCKED':
    case 'ERR_LOCKOUT_BUSY':
      return any;
    case 'ERR_LOCKOUT_DENIED':
      return warning;
    default:
      holds<Equal<typeof locked.code, 'ERR_LOCKOUT_STORE_UNAVAILABLE' | 'ERR_LOCKOUT_LATE'>>();
      return;
  }
}

function infoOf(info: unknown): number | null | undefined {
  // @ts-expect-error -- not known yet
  info.retryAfter;
  return isLockedInfo(info) ? info.retryAfter : undefined;
}

function durations(lockout: Lockout, minutes: number): void {
  new Lockout({
    forgetAfter: '1w',
    tiers: [{ failures: 5, cooloff: '15m' }],
    storeTimeout: '0.5s',
    leaseTimeout: `${minutes}m`,
  });
  new Lockout({
    forgetAfter: { username: '2h', ip: 'forever' },
    attemptLogRetention: 'P30D',
    busyTimeout: { seconds: 3 },
  });
  void lockout.block({ username: 'alice' }, { for: '90s' });
  // @ts-expect-error -- no unit that there is
  new Lockout({ forgetAfter: '15min' });
  // @ts-expect-error -- a number without its unit
  new Lockout({ tiers: [{ failures: 5, cooloff: 900_000 }] });
  // @ts-expect-error -- only a lock may last forever
  new Lockout({ storeTimeout: 'forever' });
}

void types;
void durations;
void codes;
void infoOf;

type Undefined<T> = { readonly [K in keyof T as undefined extends T[K] ? K : never]-?: undefined };

/** What may be left out may be undefined: what the environment does not say, say. */
function undefinedOptions(
  options: Undefined<LockoutOptions>,
  page: Undefined<RespondOptions>,
  list: Undefined<AccessList>,
) {
  new Lockout(options);
  new Lockout({ store: process.env['DATABASE'] === undefined ? undefined : new MemoryStore(), hardStop: undefined });
  new Lockout({ respondWith: page, allow: list, usernames: { accents: undefined, unique: undefined } });
  new MemoryStore({ clock: undefined, maxSubjects: undefined, maxAttempts: undefined });
  trustedProxies(['loopback'], { header: undefined });
  exponentialLadder({ after: 3, base: '15m', cap: '1d', factor: undefined, every: undefined });
  void new Lockout().protect({ username: 'alice' }, () => true, { isFailure: undefined });
  // @ts-expect-error -- no store
  new Lockout({ store: null });
}
void undefinedOptions;
