/**
 * Login lockout for every Passport strategy.
 *
 * @module
 * @example
 * ```ts
 * import passport from 'passport';
 * import { Strategy as LocalStrategy } from 'passport-local';
 * import { withLockout } from 'passport-lockout';
 *
 * passport.use(withLockout(new LocalStrategy((username, password, done) => done(null, false))));
 * ```
 */

export type { ProtectOptions, ProtectOutcome, ProtectResult } from './attempt/protect.js';
export type { RefusalReason } from './attempt/refusal.js';
export type { Finding } from './checks/finding.js';
export type { DeviceCookieOptions, KnownDevicesInput, KnownDevicesOptions } from './devices/types.js';
export {
  LockoutConfigError,
  LockoutError,
  type LockoutErrorCode,
  LockoutRefusedError,
  LockoutStoreError,
  type LockoutWarningCode,
} from './errors.js';
export type {
  AttackEvent,
  AttemptEvent,
  AttemptFailedEvent,
  AttemptRefusedEvent,
  BlockedEvent,
  CountedSubject,
  IpBlockedEvent,
  LockoutEvents,
  PublishedEvent,
  SprayDetectedEvent,
  StoreErrorEvent,
  UnblockedEvent,
  UsernameBlockedEvent,
  WarningEvent,
} from './events/types.js';
export type { LockoutMiddleware } from './http/middleware.js';
export { type LineLogger, logLockout } from './lines/log-lockout.js';
export { Lockout } from './lockout.js';
export type { LocaleOption, Messages } from './messages/catalogue.js';
export type { MessageTexts } from './messages/texts.js';
export type { ActivityListQuery, ActivityRecord } from './operator/activity.js';
export type { AttemptCounts, AttemptCountsQuery } from './operator/attempt-counts.js';
export type { CountLockedQuery } from './operator/count-locked.js';
export type { AttemptRecord, AttemptsQuery, RemoveAttemptsQuery } from './operator/attempt-log.js';
export type { DevicesStatus, RevokeDevicesQuery } from './operator/devices.js';
export type { SubjectInput } from './operator/find-subject.js';
export type { Page, Pages } from './operator/pages.js';
export type { LogoutOptions } from './operator/record-logout.js';
export type {
  ActorOptions,
  BlockOptions,
  EraseQuery,
  ListQuery,
  RemovalResult,
  ResetQuery,
  ResetResult,
  SingleStatus,
  SubjectStatus,
} from './operator/types.js';
export type { RedeemOptions, RedeemResult, UnlockTokenOptions } from './operator/unlock-tokens.js';
export type {
  InfoFunction,
  LockedActions,
  LockedInfo,
  LockedPage,
  OnLockedFunction,
  RespondOptions,
} from './options/answer-types.js';
export { type ExponentialLadderOptions, exponentialLadder } from './options/exponential-ladder.js';
export { type GuessBudget, guessesPerYear } from './options/guesses-per-year.js';
export { isLockedInfo } from './options/locked-info.js';
export { presets } from './options/presets.js';
export type {
  AccessList,
  HardStop,
  LockoutOptions,
  PerDimension,
  SecretRotation,
  SignalOptions,
  StrategyCall,
  StrategyOptions,
  Tier,
  TiersFunction,
  UsernameContext,
} from './options/types.js';
export type { StrategyClass } from './passport/guarded-class.js';
export { lockoutMixin } from './passport/lockout-mixin.js';
export type { StrategyLike } from './passport/strategy-like.js';
export { type LockoutHandle, type WithLockout, withLockout } from './passport/with-lockout.js';
export * as policy from './policy/index.js';
export type { Block, DeviceRevocation, Restoration } from './policy/manage.js';
export type { BlockReply, LockReport, ReserveReply, SettleReply, SubjectRecord } from './policy/replies.js';
export type { Lease, LockCause, Marks, Policy, PolicyHardStop, PolicyTier, Source, Verdict } from './policy/state.js';
export type { AttemptInput } from './request/attempt-input.js';
export { type TrustedProxiesOptions, trustedProxies } from './request/trusted-proxies.js';
export type {
  ActivityAction,
  ActivityCounts,
  ActivityEntry,
  ActivityLog,
  ActivityPosition,
  ActivityQuery,
  ActivityResult,
  LiftedLock,
  NewActivity,
} from './stores/activity-log.js';
export type {
  AttemptEntry,
  AttemptLog,
  AttemptOutcome,
  AttemptPosition,
  AttemptQuery,
  AttemptRemoval,
  CountsQuery,
  MinuteCounts,
  NewAttemptEntry,
  OutcomeCounts,
  PendingEntry,
  RemovedAttempts,
} from './stores/attempt-log.js';
export { MemoryStore, type MemoryStoreOptions } from './stores/memory/memory-store.js';
export type {
  LockedCount,
  LockoutStore,
  SlotRequest,
  SlotVerdict,
  StoreInspection,
  StoreMatch,
  StoreOrder,
  StorePage,
  StoreQuery,
  StoreTrouble,
} from './stores/store.js';
export type {
  AnyRequest,
  Attempt,
  AttemptFacts,
  KnownDevice,
  LockoutRequest,
  StandardRequest,
} from './subject/attempt.js';
export type { DimensionsFunction } from './subject/counted-dimensions.js';
export type { DimensionFunction, DimensionInput, DimensionPart } from './subject/dimension.js';
export type { SubjectFacts } from './subject/facts.js';
export type { Subject, SubjectParts } from './subject/key.js';
export {
  type AccentRule,
  type CanonicalUsernameOptions,
  canonicalUsername,
  type UsernamesOptions,
} from './subject/username.js';
export type { StoreCall } from './telemetry/channels.js';
export type { Awaitable } from './util/awaitable.js';
export type { CooloffInput, DurationInput } from './util/durations.js';
export { exactName } from './util/printable.js';
export type { LongRunningOptions } from './validation/long-running.js';
