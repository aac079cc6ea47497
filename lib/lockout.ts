/** The lockout that applications create: events, the management API, and `protect` for anything but a Passport strategy. */

import { type ProtectOptions, type ProtectResult, protect } from './attempt/protect.js';
import { staticFindings } from './checks/check-options.js';
import { checkSecret } from './checks/check-secret.js';
import { checkStore } from './checks/check-store.js';
import type { Finding, Found } from './checks/finding.js';
import { MEMORY_FULL, storeFailed } from './checks/runtime/findings.js';
import { SeenFindings } from './checks/runtime/seen-findings.js';
import { Engine } from './engine.js';
import type { LockoutStoreError } from './errors.js';
import { LockoutEmitter, toTold } from './events/emitter.js';
import { createMask } from './events/masking.js';
import { assertNone, createMiddleware, type LockoutMiddleware } from './http/middleware.js';
import { type ActivityListQuery, type ActivityRecord, listActivity } from './operator/activity.js';
import { type AttemptCounts, type AttemptCountsQuery, attemptCounts } from './operator/attempt-counts.js';
import {
  AttemptLogReader,
  type AttemptRecord,
  type AttemptsQuery,
  type RemoveAttemptsQuery,
} from './operator/attempt-log.js';
import { type CountLockedQuery, countLocked } from './operator/count-locked.js';
import { DeviceDesk, type DevicesStatus, type RevokeDevicesQuery } from './operator/devices.js';
import type { SubjectInput } from './operator/find-subject.js';
import { Operator } from './operator/operator.js';
import { type Pages, toPages } from './operator/pages.js';
import { type LogoutOptions, recordLogout } from './operator/record-logout.js';
import type {
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
import { undo } from './operator/undo.js';
import {
  type RedeemOptions,
  type RedeemResult,
  type UnlockTokenOptions,
  UnlockTokens,
} from './operator/unlock-tokens.js';
import { resolveOptions } from './options/resolve.js';
import type { LockoutOptions } from './options/types.js';
import type { AttemptInput } from './request/attempt-input.js';
import { MemoryStore } from './stores/memory/memory-store.js';
import type { LockedCount } from './stores/store.js';
import type { AnyRequest } from './subject/attempt.js';
import { ENGINE, hasEngine } from './util/engine-symbol.js';
import { describeValue } from './validation/describe-value.js';
import { invalidOption } from './validation/invalid-option.js';
import type { LongRunningOptions } from './validation/long-running.js';

export { ENGINE };

/**
 * Counts failed attempts and refuses further ones once a tier is crossed. One instance may guard several strategies and
 * routes; they then share their counters, so that none of them is a side door.
 *
 * Three words that are easily confused: *block* is the act, by a failure that reaches a limit or by an operator (`block`,
 * `username_blocked`); *locked* is the resulting state of a subject (`locked`, `lockedUntil`, `onLocked`); *refused* is the answer
 * to an attempt, because of a lock or for another reason (`attempt_refused`, `refusedBy`).
 *
 * @example
 * ```ts
 * const lockout = new Lockout({ dimensions: ['username', 'ip'] });
 * lockout.on('username_blocked', ({ username, lockedUntil }) => console.log(username, lockedUntil));
 * ```
 * @throws {LockoutConfigError} naming each wrong option, the expected value and the actual one
 */
export class Lockout extends LockoutEmitter {
  /** @internal */
  readonly [ENGINE]: Engine;
  readonly #log: AttemptLogReader;
  readonly #operator: Operator;
  readonly #findings: SeenFindings;
  readonly #tokens: UnlockTokens;
  readonly #devices: DeviceDesk;

  /**
   * Creates a lockout with counters of its own, unless it shares a store.
   *
   * @throws {LockoutConfigError} naming each wrong option, the expected value and the actual one
   */
  constructor(options: LockoutOptions = {}) {
    super();
    const resolved = resolveOptions(options, () => new MemoryStore());
    this[ENGINE] = new Engine(resolved, {
      lockout: this,
      notify: this.notify.bind(this),
      onFinding: (finding) => this.#onFinding(finding),
      onWarning: (warning) => this.warn(warning),
      onTrouble: (trouble) => this.warnOnce(trouble),
      // Listeners receive an event for each failure.
      onOutage: (error) => {
        if (this.listenerCount('store_error') === 0 && !isFull(error)) this.warnAgain(storeFailed(error));
      },
      onStoreError: (operation, error) => {
        if (isFull(error)) this.#onFinding(MEMORY_FULL);
        this.notify('store_error', () => ({ operation, error }));
      },
    });
    this.#log = new AttemptLogReader(this[ENGINE]);
    this.#operator = new Operator(this[ENGINE], this.#log);
    this.#devices = new DeviceDesk(this[ENGINE]);
    this.#tokens = new UnlockTokens(this[ENGINE], this.#devices);
    this.mask = createMask(resolved.sensitive);
    const findings = staticFindings(options, resolved);
    this.#findings = new SeenFindings(findings);
    // In a later turn, so that a listener attached right after construction receives it.
    if (findings.length > 0) process.nextTick(() => this.#warnOf(findings));
  }

  /**
   * Runs the same protocol for anything else that checks a secret: a password reset, a one-time password, a resolver.
   *
   * @param verify - checks the credentials; called only if the attempt is not refused
   * @throws {LockoutConfigError} for a wrong attempt or wrong options, before anything is verified; and what `verify` throws, which
   *   counts as a failure only if its status or `isFailure` says so
   */
  async protect<T>(
    attempt: AttemptInput,
    verify: () => T | PromiseLike<T>,
    options?: ProtectOptions<T>,
  ): Promise<ProtectResult<T>> {
    return protect(this[ENGINE], attempt, verify, options);
  }

  /**
   * Returns what is known of a subject now.
   *
   * @throws {LockoutConfigError} if no counted dimension has these parts
   * @throws {LockoutStoreError} if the store fails
   */
  async status(subject: SubjectInput): Promise<SingleStatus> {
    return this.#operator.status(subject);
  }

  /**
   * Returns why somebody is refused: the locked subjects made of this name or address, and those that its last attempts met or
   * would meet now, such as the address that alice comes from. Considers the last 100 entries of the attempt log, if one is kept,
   * and returns at most 50 subjects; an empty list if none of them is locked.
   *
   * @param subject - `{ username }`, `{ ip }` or both
   * @throws {LockoutConfigError} for anything that is not a name or address
   * @throws {LockoutStoreError} if the store fails
   */
  async refusedBy(subject: SubjectInput): Promise<readonly SubjectStatus[]> {
    return this.#operator.refusedBy(subject);
  }

  /**
   * Lists known subjects, by default only locked ones. Awaited, it returns one page; iterated, all of them. Subjects that become
   * known, are locked or are freed meanwhile may be missing; a store that scans may list one twice unless `order` is given.
   *
   * @example
   * ```ts
   * for await (const { key, lockedUntil } of lockout.list()) console.log(key, lockedUntil);
   * ```
   * @throws {LockoutConfigError} for a wrong query, or the cursor of another query
   * @throws {LockoutStoreError} if the store fails
   */
  list(query: ListQuery = {}): Pages<SubjectStatus> {
    return toPages(this.#operator.list(query), (cursor) => this.#operator.list({ ...query, cursor }));
  }

  /**
   * Returns how many subjects are locked now. `MongoStore` stops at 10,000, and a store without `countLocked` at 1,000;
   * `isAtLeast` says so.
   *
   * @throws {LockoutConfigError} for a wrong query
   * @throws {LockoutStoreError} if the store fails
   */
  async countLocked(query: CountLockedQuery = {}): Promise<LockedCount> {
    return countLocked(this[ENGINE], query);
  }

  /**
   * Lists the attempt log, newest first. Awaited, it returns one page; iterated, all of it.
   *
   * @throws {LockoutConfigError} for a wrong query, and for a store without an attempt log
   * @throws {LockoutStoreError} if the store fails
   */
  attempts(query: AttemptsQuery = {}): Pages<AttemptRecord> {
    return toPages(this.#log.attempts(query), (cursor) => this.#log.attempts({ ...query, cursor }));
  }

  /**
   * Returns how many attempts failed, were refused and succeeded, and how many of the failed ones set a lock, in each minute or
   * hour (UTC), oldest first. There are no gaps: a period without attempts has counts of 0. Costs the same however many attempts there
   * are. An attempt that was not logged was not counted, so nothing is counted with `attemptLog: 'off'`.
   *
   * @throws {LockoutConfigError} for a store without an attempt log, or whose log does not count
   * @throws {LockoutStoreError} if the store fails
   */
  async attemptCounts(query: AttemptCountsQuery = {}): Promise<readonly AttemptCounts[]> {
    return attemptCounts(this[ENGINE], query);
  }

  /**
   * Lists what operators did, newest first: who, what, when and why. Awaited, it returns one page; iterated, all of it. Kept for a
   * year; `RedisStore` and `MemoryStore` keep the newest 10,000.
   *
   * @throws {LockoutConfigError} for a wrong query, and for a store without an activity log
   * @throws {LockoutStoreError} if the store fails
   */
  activity(query: ActivityListQuery = {}): Pages<ActivityRecord> {
    return toPages(listActivity(this[ENGINE], query), (cursor) => listActivity(this[ENGINE], { ...query, cursor }));
  }

  /**
   * Takes back an act that lifted one lock (`unblock`, or a `reset` that freed one subject): locks the subject again until the lock
   * would have ended, with its failures. Emits `blocked` with `firstToday: false`.
   *
   * @param id - of the act, as `activity` returns it
   * @returns whether it locked; false if the subject has been locked again, the lock would have ended, or the act was already undone
   * @throws {LockoutConfigError} for a store without an activity log, or that cannot set a lock again
   * @throws {LockoutStoreError} if the store fails
   */
  async undo(id: string, actor: ActorOptions = {}): Promise<boolean> {
    return undo(this[ENGINE], id, actor);
  }

  /**
   * Locks a subject by hand, replacing any lock it has. Emits `blocked` if it was not locked before.
   *
   * @param options - either `for` or `until`, and by whom and why
   * @returns what is known of the subject afterwards
   * @throws {LockoutConfigError} if no counted dimension has these parts, or an option is wrong
   * @throws {LockoutStoreError} if the store fails
   */
  async block(subject: SubjectInput, options: BlockOptions): Promise<SingleStatus> {
    return this.#operator.block(subject, options);
  }

  /**
   * Lifts the lock of a subject and forgets its failures.
   *
   * @param subject - its parts; or `{ key }` as returned by `list` and `refusedBy`, for one stored under a pseudonym
   * @returns whether it was locked; only then `unblocked` is emitted
   * @throws {LockoutConfigError} if no counted dimension has these parts, or an option is wrong
   * @throws {LockoutStoreError} if the store fails
   */
  async unblock(subject: SubjectInput, actor: ActorOptions = {}): Promise<boolean> {
    return this.#operator.unblock(subject, actor);
  }

  /**
   * Resets every subject that is made of this address, this username or both; with `{ all: true }`, every subject.
   * `unblocked` is emitted for those that were locked.
   *
   * @throws {LockoutConfigError} for a wrong query; also for an empty one, so that a forgotten argument frees nobody
   * @throws {LockoutStoreError} if the store fails
   */
  async reset(query: ResetQuery): Promise<ResetResult> {
    return this.#operator.reset(query);
  }

  /**
   * Removes entries from the attempt log: those older than a duration, or all of them; only of one outcome if given. Works in
   * batches, so that logins continue meanwhile.
   *
   * @returns how many were removed, even if `signal` stopped it
   * @throws {LockoutConfigError} for a wrong query, and for a store without an attempt log
   * @throws {LockoutStoreError} if the store fails
   */
  async removeAttempts(query: RemoveAttemptsQuery): Promise<number> {
    return this.#log.removeAttempts(query);
  }

  /**
   * Erases what is stored about one person (GDPR, article 17): every record that contains this username, with its failures
   * and locks, its entries of the attempt log, and the name in the activity log. Attempts that are still being verified keep their
   * slots, and are counted and logged.
   *
   * @throws {LockoutConfigError} for a wrong query
   * @throws {LockoutStoreError} if the store fails
   */
  async erase(query: EraseQuery): Promise<RemovalResult> {
    return this.#operator.erase(query);
  }

  /**
   * Removes what no longer matters: expired entries of the attempt log, and records without failures or lock. Not needed if the
   * store removes these by itself, as MongoDB and Redis do.
   *
   * @throws {LockoutConfigError} for wrong options
   * @throws {LockoutStoreError} if the store fails
   */
  async cleanup(options: LongRunningOptions = {}): Promise<RemovalResult> {
    return this.#operator.cleanup(options);
  }

  /**
   * Creates a string that frees this subject once, for a link in a mail to the account's owner. It is bound to the current
   * lock, and never lifts another.
   *
   * @returns null if there is no lock, or if an operator set it: only operators lift that
   * @throws {LockoutConfigError} without the option `secret`, if no counted dimension has these parts, or an option is wrong
   * @throws {LockoutStoreError} if the store fails
   */
  async createUnlockToken(subject: SubjectInput, options: UnlockTokenOptions = {}): Promise<string | null> {
    return this.#tokens.create(subject, options);
  }

  /**
   * Lifts the lock that a token was made for and forgets the failures, once.
   *
   * @param token - as received; anything that is not a token is `invalid`
   * @throws {LockoutConfigError} without the option `secret`, or if an option is wrong
   * @throws {LockoutStoreError} if the store fails
   */
  async redeemUnlockToken(token: unknown, options: RedeemOptions = {}): Promise<RedeemResult> {
    return this.#tokens.redeem(token, options);
  }

  /**
   * Makes the browser of a request a known device of an account, after anything that proved the owner: a password reset link, a
   * passkey, single sign-on. Sets the cookie on the response if the request exposes it; see {@link deviceCookie} if not.
   *
   * @param username - exactly as the owner types it at the next login; or several spellings
   * @returns the value of `Set-Cookie`
   * @throws {LockoutConfigError} without the option `secret`, and for anything that is not a request or a username
   * @throws {LockoutStoreError} if the store fails
   */
  async trustDevice(req: AnyRequest, username: string | readonly string[]): Promise<string> {
    return this.#devices.trust(req, username);
  }

  /**
   * Invalidates the tokens that known devices of this account have had until now, e.g. after a break-in: the devices are unknown
   * until their next login. Only `erase` forgets the revocation.
   *
   * @throws {LockoutConfigError} without the option `secret`, and for anything that is not a username
   * @throws {LockoutStoreError} if the store fails
   */
  async revokeDevices(query: RevokeDevicesQuery): Promise<void> {
    return this.#devices.revoke(query);
  }

  /**
   * Frees the username, revokes the known devices, and trusts the browser of this request. Call it when a user has changed or reset
   * the password.
   *
   * @param username - exactly as the owner types it
   * @returns the value of `Set-Cookie`
   * @throws {LockoutConfigError} without the option `secret`, and for anything that is not a request or a username
   * @throws {LockoutStoreError} if the store fails
   */
  async passwordChanged(req: AnyRequest, username: string, actor: ActorOptions = {}): Promise<string> {
    const { cookie, act } = await this.#devices.replace(req, username, actor);
    await this.#operator.resetWithin(act, { username, ...actor });
    return cookie;
  }

  /**
   * Returns what is stored about the known devices of an account.
   *
   * @throws {LockoutConfigError} without the option `secret`, and for anything that is not a username
   * @throws {LockoutStoreError} if the store fails
   */
  async devices(username: string): Promise<DevicesStatus> {
    return this.#devices.list(username);
  }

  /**
   * Returns the value of `Set-Cookie` that a login or `trustDevice` could not set, because the request does not expose the response, as
   * in Fastify: `reply.header('set-cookie', cookie)` in a hook `onSend`. Returns undefined if there is none.
   */
  deviceCookie(req: AnyRequest): string | undefined {
    return this.#devices.cookieOf(req);
  }

  /**
   * Writes a logout into the attempt log, with the hash of the session that ended; call it before the session is gone.
   * Does nothing if no log is kept.
   *
   * @throws {LockoutConfigError} for anything that is not a request
   */
  async recordLogout(req: AnyRequest, options: LogoutOptions = {}): Promise<void> {
    return recordLogout(this[ENGINE], req, options);
  }

  /**
   * Returns what an operator should look at: in the options, in what logins have shown in this process so far, and in the store
   * (its indexes, its clock). Empty if all is well. Each code is explained in docs/checks.md.
   *
   * @throws {LockoutStoreError} if the store fails
   */
  async check(): Promise<readonly Finding[]> {
    const inspection = await this.#operator.inspect();
    const { options } = this[ENGINE];
    return [...this.#findings.all(), ...checkSecret(options), ...(inspection ? checkStore(inspection) : [])].map(
      toTold,
    );
  }

  /**
   * Returns Express and Connect middleware that refuses every request from a locked or denied address, before any route.
   *
   * @throws {LockoutConfigError} if the `ip` dimension is not counted, or for arguments: it returns the middleware, and is not one itself
   */
  middleware(...none: readonly []): LockoutMiddleware {
    assertNone(none);
    return createMiddleware(this[ENGINE]);
  }

  /** Ends waiting attempts and releases the store's resources; the caller's connection stays open. May be called twice. */
  async close(): Promise<void> {
    await this[ENGINE].close();
  }

  #onFinding(finding: Found): void {
    if (this.#findings.add(finding)) this.warnOnce(finding);
  }

  #warnOf(findings: readonly Found[]): void {
    for (const finding of findings) this.warnOnce(finding);
  }
}

/**
 * Accepts a lockout of either module format.
 *
 * @throws {LockoutConfigError} for anything else
 */
export function assertLockout(given: unknown): asserts given is Lockout {
  const isLockout = hasEngine(given);
  if (!isLockout) throw invalidOption('lockout', 'a Lockout', describeValue(given));
}

/** Whether the store is only full: nothing is wrong with it then, and the finding says what to do. */
function isFull({ cause }: LockoutStoreError): boolean {
  return (cause as Partial<LockoutStoreError> | undefined)?.code === 'ERR_LOCKOUT_STORE_FULL';
}
