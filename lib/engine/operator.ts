/** What operators do, over any store: look, lock, free. */
import { LockoutConfigError, LockoutStoreError } from '../errors.js';
import { validateOptions } from '../options/validate.js';
import { parseDuration } from '../policy/durations.js';
import type { Policy } from '../policy/state.js';
import type { Awaitable, LockoutStore, LockReport, SubjectRecord } from '../stores/store.js';
import type { Subject } from '../subject/key.js';
import { toLoggedName } from './audit-entry.js';
import type { Engine } from './engine.js';
import {
  type ActorOptions,
  type AttemptsPage,
  type AttemptsQuery,
  actorSchema,
  attemptsSchema,
  type BlockOptions,
  blockSchema,
  type ListPage,
  type ListQuery,
  listSchema,
  parseCursor,
  type ResetQuery,
  type ResetResult,
  resetSchema,
  type SingleStatus,
  toAttemptRecord,
  toCursor,
  toSingleStatus,
  toStatus,
} from './management.js';
import { attemptOf, canonicalParts, type FoundSubject, findSubject, type SubjectInput } from './subject-input.js';

export interface OperatorListener {
  onBlocked(subject: Subject, lock: LockReport, by: string | null): void;
  onUnblocked(record: SubjectRecord, by: string | null): void;
}

const DEFAULT_PAGE = 100;

export class Operator {
  readonly #engine: Engine;
  readonly #listener: OperatorListener;

  constructor(engine: Engine, listener: OperatorListener) {
    this.#engine = engine;
    this.#listener = listener;
  }

  async status(input: SubjectInput): Promise<SingleStatus> {
    const found = findSubject(this.#engine.options, input);
    const record = await this.#ask('read', (store) => store.read(found.subject.key));
    return this.#toStatus(found, record);
  }

  async list(query: ListQuery): Promise<ListPage> {
    validateOptions(listSchema, query, 'query');
    const { dimension, locked = true, limit = DEFAULT_PAGE, cursor } = query;
    const records = await this.#ask('list', (store) =>
      store.list({ dimension, lockedOnly: locked, after: cursor, limit: limit + 1 }),
    );
    const items = records.slice(0, limit).map(toStatus);
    return { items, cursor: records.length > limit ? (items.at(-1)?.key ?? null) : null };
  }

  async block(input: SubjectInput, options: BlockOptions): Promise<SingleStatus> {
    validateOptions(blockSchema, options, 'options');
    const found = findSubject(this.#engine.options, input);
    const { reason = null, by = null } = options;
    const forMs = this.#blockMs(options);
    const { forgetAfterMs } = this.#policyOf(found);
    const details = { forMs, forgetAfterMs, reason, by };
    const reply = await this.#ask('block', (store) => store.block(found.subject, details));
    this.#engine.forgetLock(found.subject.key);
    if (reply.record.lock && !reply.wasLocked) this.#listener.onBlocked(found.subject, reply.record.lock, by);
    return this.#toStatus(found, reply.record);
  }

  async unblock(input: SubjectInput, actor: ActorOptions): Promise<boolean> {
    validateOptions(actorSchema, actor, 'options');
    const { subject } = findSubject(this.#engine.options, input);
    const before = await this.#ask('clear', (store) => store.clear(subject.key));
    return before !== null && this.#onCleared({ ...before, parts: subject.parts }, actor.by ?? null);
  }

  async reset(query: ResetQuery): Promise<ResetResult> {
    validateOptions(resetSchema, query, 'query');
    const { match = 'all', by = null, ip, username } = query;
    const { options } = this.#engine;
    const named = { ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) };
    const parts = options.keys.toStoredParts(canonicalParts(options, named));
    const records = await this.#ask('clearMatching', (store) => store.clearMatching({ parts, match }));
    const unblocked = records.filter((record) => this.#onCleared(record, by)).length;
    return { cleared: records.length, unblocked };
  }

  async attempts(query: AttemptsQuery): Promise<AttemptsPage> {
    validateOptions(attemptsSchema, query, 'query');
    const { options } = this.#engine;
    const log = options.store.attempts;
    if (!log) {
      const message = 'attempts(): expected a store with an access log, got one without';
      throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', message);
    }
    const { outcome, since, until, limit = DEFAULT_PAGE, cursor, ip, username } = query;
    const named = { ...(ip !== undefined && { ip }), ...(username !== undefined && { username }) };
    const parts = options.keys.toStoredParts(canonicalParts(options, named, ['ip', 'username']));
    const storedName = parts['username'];
    const entries = await this.#ask('attempts', () =>
      log.query({
        outcome,
        username: storedName === undefined ? undefined : toLoggedName(storedName),
        ip: parts['ip'],
        since: since?.getTime(),
        until: until?.getTime(),
        after: cursor === undefined ? undefined : parseCursor(cursor),
        limit: limit + 1,
      }),
    );
    const items = entries.slice(0, limit).map(toAttemptRecord);
    const last = entries.length > limit ? entries[limit - 1] : undefined;
    return { items, cursor: last ? toCursor(last) : null };
  }

  #blockMs({ for: duration, until }: BlockOptions): number {
    if (!until) return parseDuration(duration) as number;
    const now = this.#engine.options.store.clock ?? Date.now;
    const forMs = until.getTime() - now();
    if (forMs > 0) return forMs;
    const message = `options.until: expected a Date in the future, got ${until.toISOString()}`;
    throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', message);
  }

  /** @returns whether the subject was locked */
  #onCleared(record: SubjectRecord, by: string | null): boolean {
    this.#engine.forgetLock(record.key);
    if (!record.lock) return false;
    this.#listener.onUnblocked(record, by);
    return true;
  }

  #toStatus(found: FoundSubject, record: SubjectRecord | null): SingleStatus {
    return toSingleStatus(found.subject, record, this.#policyOf(found));
  }

  #policyOf({ dimension, subject }: FoundSubject): Policy {
    return this.#engine.options.policyFor(dimension, attemptOf(subject.parts));
  }

  /** An operator is told of a failing store; only logins need a policy for it. */
  async #ask<T>(operation: string, ask: (store: LockoutStore) => Awaitable<T>): Promise<T> {
    const answer = await this.#engine.store.call(operation, ask);
    if (answer instanceof LockoutStoreError) throw answer;
    return answer;
  }
}
