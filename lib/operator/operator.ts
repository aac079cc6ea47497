/** The operators' methods, over any store: inspect, block, unblock, reset, erase. */

import type { Engine } from '../engine.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { Policy } from '../policy/state.js';
import type { StoreInspection } from '../stores/store.js';
import type { SubjectParts } from '../subject/key.js';
import { parseDuration } from '../util/durations.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { LongRunningOptions } from '../validation/long-running.js';
import { validateOptions } from '../validation/validate.js';
import type { AttemptLogReader } from './attempt-log.js';
import { ask, onEachRecord, type RecordFilter } from './each-record.js';
import {
  attemptOf,
  canonicalParts,
  type FoundSubject,
  findSubject,
  givenKey,
  noSubject,
  queriedParts,
  type SubjectInput,
  storedMatches,
} from './find-subject.js';
import { FreedSubjects } from './freed-subjects.js';
import { listSubjects } from './list-subjects.js';
import type { Page } from './pages.js';
import { LOGGED, lockedAround } from './refused-by.js';
import { actorSchema, blockSchema, eraseSchema, longRunningSchema, resetSchema } from './schemas.js';
import { toSingleStatus, toStatus } from './status.js';
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
} from './types.js';

export class Operator {
  readonly #engine: Engine;
  readonly #log: AttemptLogReader;

  constructor(engine: Engine, log: AttemptLogReader) {
    this.#engine = engine;
    this.#log = log;
  }

  async status(input: SubjectInput): Promise<SingleStatus> {
    const found = await this.#locate(input);
    const record = await ask(this.#engine, 'read', (store) => store.read(found.subject.key));
    return this.#toStatus(found, record);
  }

  async refusedBy(input: SubjectInput): Promise<readonly SubjectStatus[]> {
    const parts = canonicalParts(this.#engine.options, input, LOGGED);
    if (Object.keys(parts).length === 0) throw noSubject(input);
    return (await lockedAround(this.#engine, parts)).map(toStatus);
  }

  list(query: ListQuery): Promise<Page<SubjectStatus>> {
    return listSubjects(this.#engine, query);
  }

  async block(input: SubjectInput, options: BlockOptions): Promise<SingleStatus> {
    const { reason = null, by = null } = validateOptions(blockSchema, options, 'options');
    const found = await this.#locate(input);
    const forMs = this.#blockMs(options);
    const { forgetAfterMs } = this.#policyOf(found);
    const details = { forMs, forgetAfterMs, reason, by };
    const reply = await ask(this.#engine, 'block', (store) => store.block(found.subject, details));
    this.#engine.forgetLock(found.subject.key);
    // A process that knows only one of the secrets must refuse, too.
    for (const variant of this.#engine.rotation.variantsOf(found.subject)) {
      if (variant.key === found.subject.key) continue;
      await ask(this.#engine, 'block', (store) => store.block(variant, details));
      this.#engine.forgetLock(variant.key);
    }
    if (reply.record.lock && !reply.wasLocked)
      this.#engine.report.onBlockedByHand(found.subject, reply.record.lock, by);
    return this.#toStatus(found, reply.record);
  }

  async unblock(input: SubjectInput, actor: ActorOptions): Promise<boolean> {
    const { by = null } = validateOptions(actorSchema, actor, 'options');
    const { parts, keys } = this.#named(input);
    const freed = this.#freed(parts, by);
    for (const key of keys) {
      const before = await ask(this.#engine, 'reset', (store) => store.reset(key));
      if (before) this.#onCleared(before, freed);
    }
    return freed.size > 0;
  }

  async reset(query: ResetQuery): Promise<ResetResult> {
    const { match = 'all', by = null, ip, username, all } = validateOptions(resetSchema, query, 'query');
    const named = all ? {} : queriedParts(this.#engine.options, { ip, username });
    const freed = this.#freed(named, by);
    const resetOne = async ({ key }: SubjectRecord) => {
      const before = await ask(this.#engine, 'reset', (store) => store.reset(key));
      if (before) this.#onCleared(before, freed);
      return before !== null;
    };
    const filters = all ? [{}] : storedMatches(this.#engine.options, named, match).map((parts) => ({ madeOf: parts }));
    const reset = await this.#onEach(filters, resetOne, query);
    return { reset, unblocked: freed.size };
  }

  /** Removes every record of this username, and combinations that contain it. */
  async erase(query: EraseQuery): Promise<RemovalResult> {
    const { by = null } = validateOptions(eraseSchema, query, 'query');
    const { username, signal } = query;
    const named = queriedParts(this.#engine.options, { username }, ['username']);
    const matches = storedMatches(this.#engine.options, named, 'all');
    const freed = this.#freed(named, by);
    const erase = async ({ key }: SubjectRecord) => {
      const before = await ask(this.#engine, 'erase', (store) => store.erase(key));
      if (before) this.#onCleared(before, freed);
      return before !== null;
    };
    const filters = matches.map((match) => ({ madeOf: match, withExpired: true }));
    const subjects = await this.#onEach(filters, erase, query);
    let attempts = 0;
    for (const { parts } of matches) {
      const before = subjects + attempts;
      attempts += await this.#log.erase(parts['username'] as string, {
        signal,
        onProgress: (soFar) => query.onProgress?.(before + soFar),
      });
    }
    return { subjects, attempts };
  }

  /** Removes expired data that the store has not removed by itself. */
  async cleanup(options: LongRunningOptions): Promise<RemovalResult> {
    validateOptions(longRunningSchema, options, 'options');
    const cleanUp = ({ key }: SubjectRecord) => ask(this.#engine, 'cleanup', (store) => store.cleanup(key));
    const subjects = await this.#onEach([{ withExpired: true }], cleanUp, options);
    const attempts = await this.#log.cleanup({
      ...options,
      onProgress: (soFar) => options.onProgress?.(subjects + soFar),
    });
    return { subjects, attempts };
  }

  /** @returns null if the store cannot be inspected */
  async inspect(): Promise<StoreInspection | null> {
    if (!this.#engine.options.store.inspect) return null;
    return ask(this.#engine, 'inspect', async (store) => (await store.inspect?.()) ?? null);
  }

  #blockMs({ for: duration, until }: BlockOptions): number {
    if (!until) return parseDuration(duration) as number;
    const now = this.#engine.options.store.clock ?? Date.now;
    const forMs = until.getTime() - now();
    if (forMs > 0) return forMs;
    throw invalidOption('options.until', 'a Date in the future', until.toISOString());
  }

  async #locate(input: SubjectInput): Promise<FoundSubject> {
    const { dimension, subject } = findSubject(this.#engine.options, input);
    return { dimension, subject: await this.#engine.rotation.locate(subject) };
  }

  /** Resolves a subject by its parts, under each secret, or a single record by its key. */
  #named(input: SubjectInput): { readonly parts: SubjectParts; readonly keys: readonly string[] } {
    const key = givenKey(this.#engine.options, input);
    if (key !== undefined) return { parts: {}, keys: [key] };
    const { subject } = findSubject(this.#engine.options, input);
    return { parts: subject.parts, keys: this.#engine.rotation.variantsOf(subject).map((variant) => variant.key) };
  }

  #freed(named: SubjectParts, by: string | null): FreedSubjects {
    const { options, report } = this.#engine;
    return new FreedSubjects(options.keys, named, (record) => report.onUnblocked(record, by));
  }

  /** @returns how many records were handled */
  async #onEach(
    filters: readonly RecordFilter[],
    act: (record: SubjectRecord) => Promise<boolean>,
    options: LongRunningOptions,
  ): Promise<number> {
    let done = 0;
    for (const filter of filters) {
      const before = done;
      const onProgress = (soFar: number) => options.onProgress?.(before + soFar);
      done += await onEachRecord(this.#engine, filter, act, { ...options, onProgress });
    }
    return done;
  }

  #onCleared(record: SubjectRecord, freed: FreedSubjects): void {
    this.#engine.forgetLock(record.key);
    freed.add(record);
  }

  #toStatus(found: FoundSubject, record: SubjectRecord | null): SingleStatus {
    return toSingleStatus(found.subject, record, this.#policyOf(found));
  }

  #policyOf({ dimension, subject }: FoundSubject): Policy {
    return this.#engine.options.policyFor(dimension, attemptOf(subject.parts));
  }
}
