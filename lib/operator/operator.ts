/** The operators' methods, over any store: inspect, block, unblock, reset, erase. */

import type { Engine } from '../engine.js';
import type { UnblockedEvent } from '../events/types.js';
import type { Act } from '../log/activity-writer.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { Policy } from '../policy/state.js';
import type { ActivityCounts } from '../stores/activity-log.js';
import type { StoreInspection } from '../stores/store.js';
import { type Subject, type SubjectParts, storedPartsOf } from '../subject/key.js';
import { parseDuration } from '../util/durations.js';
import { invalidOption } from '../validation/invalid-option.js';
import type { LongRunningOptions } from '../validation/long-running.js';
import { validateOptions } from '../validation/validate.js';
import { toLiftedLocks } from './activity.js';
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

/** The subject that an act is about, as stores keep it. */
type About = Pick<Subject, 'key' | 'dimension' | 'parts'>;

interface Named {
  /** In clear, as far as they are known. */
  readonly parts: SubjectParts;
  /** Of its records. */
  readonly keys: readonly string[];
  readonly about: About;
}

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
    const act = await this.#engine.activity.begin({ action: 'block', by, reason, ...toAbout(found.subject) });
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
    await act.end({ locked: 1, ...lockedFor(forMs) });
    return this.#toStatus(found, reply.record);
  }

  async unblock(input: SubjectInput, actor: ActorOptions): Promise<boolean> {
    const { by = null, reason = null } = validateOptions(actorSchema, actor, 'options');
    const { parts, keys, about } = this.#named(input);
    const act = await this.#engine.activity.begin({ action: 'unblock', by, reason, ...about });
    const freed = this.#freed(parts, by, reason);
    for (const key of keys) {
      const before = await ask(this.#engine, 'reset', (store) => store.reset(key));
      if (before) this.#onCleared(before, freed);
    }
    await act.end({ unblocked: freed.size }, toLiftedLocks(freed.only));
    return freed.size > 0;
  }

  async reset(query: ResetQuery): Promise<ResetResult> {
    const { by = null, reason = null, ip, username, all } = validateOptions(resetSchema, query, 'query');
    const named = all ? {} : queriedParts(this.#engine.options, { ip, username });
    const parts = this.#engine.options.keys.toStoredParts(named);
    const act = await this.#engine.activity.begin({ action: 'reset', by, reason, parts });
    const { only, ...result } = await this.#reset(query, { by, reason });
    await act.end(result, toLiftedLocks(only));
    return result;
  }

  /** Resets as part of an act that is recorded already, and that nobody takes back. */
  async resetWithin(act: Act, query: ResetQuery): Promise<void> {
    const { by = null, reason = null } = validateOptions(resetSchema, query, 'query');
    const { only: _, ...result } = await this.#reset(query, { by, reason });
    await act.end(result);
  }

  async #reset(
    query: ResetQuery,
    { by, reason }: Pick<UnblockedEvent, 'by' | 'reason'>,
  ): Promise<ResetResult & Pick<FreedSubjects, 'only'>> {
    const { match = 'all', ip, username, all } = query;
    const named = all ? {} : queriedParts(this.#engine.options, { ip, username });
    const freed = this.#freed(named, by, reason);
    const resetOne = async ({ key }: SubjectRecord) => {
      const before = await ask(this.#engine, 'reset', (store) => store.reset(key));
      if (before) this.#onCleared(before, freed);
      return before !== null;
    };
    const filters = all ? [{}] : storedMatches(this.#engine.options, named, match).map((parts) => ({ madeOf: parts }));
    const reset = await this.#onEach(filters, resetOne, query);
    return { reset, unblocked: freed.size, only: freed.only };
  }

  /** Removes every record of this username, and combinations that contain it. */
  async erase(query: EraseQuery): Promise<RemovalResult> {
    const { by = null, reason = null } = validateOptions(eraseSchema, query, 'query');
    const { username, signal } = query;
    const named = queriedParts(this.#engine.options, { username }, ['username']);
    const matches = storedMatches(this.#engine.options, named, 'all');
    // Without the name: it is to be stored nowhere afterwards.
    const act = await this.#engine.activity.begin({ action: 'erase', by, reason });
    const freed = this.#freed(named, by, reason);
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
    const activity = this.#engine.options.store.activityLog;
    for (const { parts } of activity && !signal?.aborted ? matches : [])
      await ask(this.#engine, 'forgetActivity', () => activity?.forget(parts['username'] as string));
    await act.end({ subjects, attempts });
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
  #named(input: SubjectInput): Named {
    const key = givenKey(this.#engine.options, input);
    if (key !== undefined) {
      const parts = storedPartsOf(key);
      return { parts: {}, keys: [key], about: { key, dimension: Object.keys(parts).join('+'), parts } };
    }
    const { subject } = findSubject(this.#engine.options, input);
    const keys = this.#engine.rotation.variantsOf(subject).map((variant) => variant.key);
    return { parts: subject.parts, keys, about: toAbout(subject) };
  }

  #freed(named: SubjectParts, by: string | null, reason: string | null): FreedSubjects {
    const { options, report } = this.#engine;
    return new FreedSubjects(options.keys, named, (record) => report.onUnblocked(record, by, reason));
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

/** For the activity log, whose counts are whole numbers: `Infinity` is none in JSON. */
function lockedFor(forMs: number): ActivityCounts {
  return Number.isFinite(forMs) ? { seconds: Math.ceil(forMs / 1000) } : { untilReset: 1 };
}

function toAbout({ key, dimension, storedParts }: Subject): About {
  return { key, dimension, parts: storedParts };
}
