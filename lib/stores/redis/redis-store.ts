/** State in Redis, exact across processes: each step is one script over all subjects of an attempt. */
import { randomBytes } from 'node:crypto';
import {
  type Block,
  block,
  type DeviceRevocation,
  type Restoration,
  resetLockedBy,
  restore,
  revokeDevices,
} from '../../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../../policy/replies.js';
import { toBlockReply, toReadReply, toRecord, toStoredRecord } from '../../policy/replies.js';
import type { Lease, Marks, Policy, Verdict } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { type Guarding, guardFunction } from '../../validation/guard-function.js';
import { validateOptions } from '../../validation/validate.js';
import type { ActivityLog } from '../activity-log.js';
import type { AttemptLog } from '../attempt-log.js';
import type {
  LockedCount,
  LockoutStore,
  SlotRequest,
  SlotVerdict,
  StoreInspection,
  StorePage,
  StoreQuery,
  StoreTrouble,
} from '../store.js';
import { RedisActivityLog } from './activity/redis-activity-log.js';
import { RedisAttemptLog } from './attempts/redis-attempt-log.js';
import { type RedisClient, type RedisConnection, toConnection } from './client.js';
import { HealthWatch } from './health/health-watch.js';
import { inspectRedis, lookForTroubles } from './health/inspect.js';
import { DEFAULT_PREFIX, Keys } from './keys.js';
import { listRecords } from './lists/list.js';
import { subjectOf } from './lists/shown.js';
import { toArgument, toLockArguments, toTime } from './record.js';
import { Records } from './records.js';
import type { RedisParts } from './redis-parts.js';
import { toReserveReply, unknownReply } from './reserved.js';
import { toRules } from './rules.js';
import { ScriptRunner } from './script-runner.js';
import { ScriptTime } from './script-time.js';
import { goneReply, toSettleReply } from './settled.js';
import { DEFAULT_MAX_ATTEMPTS, type LogStore, optionsSchema, type RedisStoreOptions } from './store-options.js';

/** If the time were not a number, no lock would hold. */
const CLOCK: Guarding = {
  name: 'RedisStore options.clock',
  expected: 'epoch milliseconds',
  accepts: (value) => Number.isFinite(value),
};

const SECRET_BYTES = 32;

/**
 * Keeps lockouts in Redis 6.2 or later, or in Valkey, on a client that the caller opens and closes. Each lock holds for as long as
 * one primary keeps its data: a failover gives back what was not replicated yet, and a server that evicts keys gives back locks.
 *
 * @example
 * ```ts
 * const lockout = new Lockout({ store: new RedisStore(await createClient().connect()) });
 * ```
 * @throws {LockoutConfigError} for a wrong client or option
 */
export class RedisStore implements LockoutStore {
  readonly clock: (() => number) | undefined;
  readonly attemptLog: AttemptLog;
  readonly activityLog: ActivityLog;
  readonly #connection: RedisConnection;
  readonly #parts: RedisParts;
  readonly #records: Records;
  readonly #health: HealthWatch;
  readonly #logStore: LogStore | undefined;
  /** Used if the server has none yet. */
  readonly #newSecret = randomBytes(SECRET_BYTES).toString('base64url');

  /**
   * Creates a store on a client of node-redis or ioredis, which the application connects and closes.
   *
   * @throws {LockoutConfigError} if an option is wrong, or the client is not one
   */
  constructor(client: RedisClient, options: RedisStoreOptions = {}) {
    const { prefix, clock, maxAttempts, attemptLogStore } = validateOptions(
      optionsSchema,
      options,
      'RedisStore options',
    );
    this.clock = clock && guardFunction(clock, CLOCK);
    this.#connection = toConnection(client);
    const keys = new Keys(prefix ?? DEFAULT_PREFIX);
    this.#parts = { scripts: new ScriptRunner(this.#connection), keys, time: new ScriptTime(this.clock) };
    this.#records = new Records(this.#parts);
    this.#health = new HealthWatch(() => lookForTroubles(this.#parts));
    this.#logStore = attemptLogStore;
    this.activityLog = new RedisActivityLog(this.#parts);
    this.attemptLog =
      attemptLogStore?.attemptLog ?? new RedisAttemptLog(this.#parts, maxAttempts ?? DEFAULT_MAX_ATTEMPTS);
  }

  async reserve(subject: Subject, policy: Policy, leaseId: string | null): Promise<ReserveReply> {
    const [reply] = await this.reserveAll([{ subject, policy, leaseId }]);
    return reply as ReserveReply;
  }

  async settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): Promise<SettleReply> {
    const [reply] = await this.settleAll([{ subject, policy, lease, verdict, marks }]);
    return reply as SettleReply;
  }

  async reserveAll(requests: readonly SlotRequest[]): Promise<readonly ReserveReply[]> {
    if (requests.length === 0) return [];
    const keys: string[] = [];
    const args: string[] = [];
    for (const { subject, policy, leaseId } of requests) {
      keys.push(this.#records.keys.record(subject.key));
      args.push(toArgument(policy.leaseTimeoutMs), `${subject.dimension} ${leaseId ?? ''}`, toRules(policy));
    }
    const reply = await this.#records.attempt('reserve', keys, args);
    this.#health.onAnswer();
    if (!Array.isArray(reply)) {
      const now = toTime(reply);
      return requests.map((one) => unknownReply(one, now));
    }
    const now = toTime(reply[0]);
    return requests.map((one, index) => toReserveReply(reply[index + 1], one, now));
  }

  async settleAll(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
    if (verdicts.length === 0) return [];
    const { records, indexes, args } = this.#settleArguments(verdicts);
    const { length } = verdicts;
    const { secret, dimensions } = this.#records.keys;
    const toResent = (sent: readonly string[]) => sent.slice(0, 2 + length * ARGUMENTS_OF_VERDICT);
    const names = [...records, secret, dimensions, ...indexes];
    const reply = await this.#records.attempt('settle', names, args, toResent);
    if (!Array.isArray(reply)) {
      const now = toTime(reply);
      return verdicts.map((one) => goneReply(one, now));
    }
    const now = toTime(reply[0]);
    return verdicts.map((one, index) => toSettleReply(reply[index + 1], one, now));
  }

  async read(key: string): Promise<SubjectRecord | null> {
    const [record = null] = await this.readAll([key]);
    return record;
  }

  async readAll(keys: readonly string[]): Promise<readonly (SubjectRecord | null)[]> {
    const found = await this.#records.findEach(keys);
    return found.map((one) => one && toReadReply(subjectOf(one), one.state, one.now));
  }

  /**
   * Without an order, locked records come by the end of their locks, and all others in none. By key, every page goes through all of
   * them: with a million records, that takes seconds.
   */
  async list(query: StoreQuery): Promise<StorePage> {
    return listRecords(this.#records, query);
  }

  async countLocked(dimension: string | undefined): Promise<LockedCount> {
    const dimensions = dimension === undefined ? await this.#records.dimensions() : [dimension];
    return { count: await this.#records.countLocks(dimensions), isAtLeast: false };
  }

  async block(subject: Subject, details: Block): Promise<BlockReply> {
    const { forMs, forgetAfterMs, reason, by } = details;
    const { record, locks, dimensions } = this.#keysOf(subject);
    const args = [subject.dimension, toArgument(forMs), toArgument(forgetAfterMs), reason ?? '', by ?? ''];
    const { before, now } = await this.#records.step('block', [record, locks, dimensions], args);
    return toBlockReply(subject, block(before, now, details), now);
  }

  async reset(key: string): Promise<SubjectRecord | null> {
    const found = await this.#reset(key, ['reset']);
    return found && toRecord(found.subject, found.before, found.now);
  }

  async revokeDevices(subject: Subject, revocation: DeviceRevocation): Promise<number> {
    const args = [subject.dimension, toArgument(revocation.forMs)];
    const { before, now } = await this.#records.step('revoke', [this.#records.keys.record(subject.key)], args);
    return revokeDevices(before, now, revocation).revocation?.before ?? 0;
  }

  async erase(key: string): Promise<SubjectRecord | null> {
    const found = await this.#reset(key, ['erase']);
    return found && toStoredRecord(found.subject, found.before, found.now);
  }

  cleanup(key: string): Promise<boolean> {
    return this.#records.cleanup(key);
  }

  async resetLockedBy(key: string, lockedBy: string): Promise<SubjectRecord | null> {
    const found = await this.#reset(key, ['lift', lockedBy]);
    if (!found || !resetLockedBy(found.before, found.now, lockedBy)) return null;
    return toRecord(found.subject, found.before, found.now);
  }

  async restore(subject: Subject, lifted: Restoration): Promise<SubjectRecord | null> {
    const { record, locks, dimensions } = this.#keysOf(subject);
    const args = [subject.dimension, ...toLockArguments(lifted)];
    const { before, now } = await this.#records.step('restore', [record, locks, dimensions], args);
    const restored = restore(before, now, lifted);
    return restored && toBlockReply(subject, restored, now).record;
  }

  async inspect(): Promise<StoreInspection> {
    const [own, log] = await Promise.all([inspectRedis(this.#parts, this.#connection), this.#logStore?.inspect?.()]);
    if (!this.#logStore) return own;
    return {
      ...own,
      server: log ? `${own.server}, attempt log in ${log.server}` : own.server,
      missingIndexes: log?.missingIndexes ?? [],
      troubles: [...(own.troubles ?? []), ...(log?.troubles ?? [])],
      attempts: log?.attempts ?? null,
    };
  }

  watch(tell: (trouble: StoreTrouble) => void): void {
    this.#health.watch(tell);
    this.#logStore?.watch?.(tell);
  }

  whyUnanswered(): string | null {
    return this.#connection.whyNotReady();
  }

  /** Leaves the client open: it belongs to the caller. */
  async close(): Promise<void> {
    await this.#logStore?.close();
  }

  #settleArguments(verdicts: readonly SlotVerdict[]) {
    const records: string[] = [];
    const indexes: string[] = [];
    const args = [this.#newSecret, ''];
    let rules = '';
    let isAnyFirst = false;
    for (const { subject, policy, lease, verdict, marks } of verdicts) {
      const { record, locks } = this.#keysOf(subject);
      records.push(record);
      isAnyFirst ||= isFirst({ verdict, marks });
      indexes.push(locks);
      const { place = '', spelling = '' } = marks?.source ?? {};
      args.push(`${toArgument(lease.until)} ${subject.dimension} ${lease.id}`, verdictArgument(verdict, marks));
      args.push(wellFormed(place), wellFormed(spelling));
      rules = rules === '' ? toRules(policy) : `${rules},${toRules(policy)}`;
    }
    args[1] = `[${rules}]`;
    if (isAnyFirst) args.push(verdicts.map((one) => (isFirst(one) ? '1' : '0')).join(''));
    return { records, indexes, args };
  }

  async #reset(key: string, args: readonly string[]) {
    const { keys } = this.#records;
    const indexes = (await this.#records.dimensions()).map((dimension) => keys.locks(dimension));
    const { now, before, dimension } = await this.#records.step('reset', [keys.record(key), ...indexes], args);
    return dimension === null ? null : { subject: subjectOf({ key, dimension }), now, before };
  }

  #keysOf({ key, dimension }: Pick<Subject, 'key' | 'dimension'>) {
    const { keys } = this.#records;
    return { record: keys.record(key), locks: keys.locks(dimension), dimensions: keys.dimensions };
  }
}

/** Whether a failure is certain not to have been settled before, so that it counts even if its lease is gone by then. */
function isFirst({ verdict, marks }: Pick<SlotVerdict, 'verdict' | 'marks'>): boolean {
  return verdict === 'failure' && marks?.mayBeSettled !== true;
}

/** How many arguments of `scripts/settle.lua` each verdict has, after two of all. */
const ARGUMENTS_OF_VERDICT = 4;
const VERDICT: Readonly<Record<Verdict, string>> = { failure: 'f', success: 's', release: 'n' };

/** A letter each for the verdict and for what it repeats, and the guess. */
function verdictArgument(verdict: Verdict, { isRepeat, followsGuess, guess = '' }: Marks = {}): string {
  const follows = followsGuess ? 'f' : '-';
  return VERDICT[verdict] + (isRepeat ? 'r' : follows) + guess;
}

/** UTF-8 encodes all lone surrogates alike, and one spelling would pass for another. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : JSON.stringify(text);
}
