/** The store of a contract test, and the few steps that most tests consist of. */
import { deepEqual, equal, fail, ok } from 'node:assert/strict';
import type { LockReport, ReserveReply, SettleReply, SubjectRecord } from '../policy/replies.js';
import type { Lease, Marks, Policy, Verdict } from '../policy/state.js';
import type { LockoutStore, StorePage, StoreQuery } from '../stores/store.js';
import type { Subject } from '../subject/key.js';
import { EVERYTHING, HOME, POLICY } from './examples.js';
import type { TestClock } from './test-clock.js';

/** A few records are not spread over more, even if a store scans others, too. */
const MAX_PAGES = 1_000;

export class StoreUnderTest {
  readonly store: LockoutStore;
  #ids = 0;

  constructor(store: LockoutStore) {
    this.store = store;
  }

  /** Takes a slot, which must be free. */
  async take(subject: Subject, policy: Policy = POLICY, id = `lease-${++this.#ids}`): Promise<Lease> {
    const reply = await this.store.reserve(subject, policy, id);
    if (reply.outcome !== 'taken') equal(reply.outcome, 'taken', `a slot of ${subject.key}`);
    return (reply as { lease: Lease }).lease;
  }

  /** Makes one whole attempt: takes a slot and settles it. */
  async guess(
    subject: Subject,
    verdict: Verdict = 'failure',
    policy: Policy = POLICY,
    marks: Marks = HOME,
  ): Promise<SettleReply> {
    return this.store.settle(subject, policy, await this.take(subject, policy), verdict, marks);
  }

  /** Makes wrong guesses, one after the other. */
  async fail(subject: Subject, times: number, policy: Policy = POLICY): Promise<SettleReply | undefined> {
    let reply: SettleReply | undefined;
    for (let failure = 0; failure < times; failure += 1) reply = await this.guess(subject, 'failure', policy);
    return reply;
  }

  async outcome(subject: Subject, policy: Policy = POLICY): Promise<ReserveReply['outcome']> {
    return (await this.store.reserve(subject, policy, `lease-${++this.#ids}`)).outcome;
  }

  async lockOf(subject: Subject): Promise<LockReport | null | undefined> {
    return (await this.store.read(subject.key))?.lock;
  }

  async page(query: Partial<StoreQuery> = {}): Promise<StorePage> {
    return this.store.list({ ...EVERYTHING, ...query });
  }

  /** Returns the records of all pages, as they come. */
  async records(query: Partial<StoreQuery> = {}): Promise<readonly SubjectRecord[]> {
    const { limit, cursor: start } = { ...EVERYTHING, ...query };
    const records: SubjectRecord[] = [];
    let cursor = start;
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const page = await this.page({ ...query, cursor });
      ok(page.records.length <= limit, `a page of at most ${limit} records`);
      records.push(...page.records);
      cursor = page.cursor;
      if (cursor === null) return records;
    }
    return fail(`the list has an end, after ${MAX_PAGES} pages`);
  }

  /** Returns the keys on all pages: in the order of the query, or if it has none sorted, each once. */
  async keys(query: Partial<StoreQuery> = {}): Promise<readonly string[]> {
    const keys = (await this.records(query)).map(({ key }) => key);
    return query.order === undefined ? [...new Set(keys)].toSorted() : keys;
  }

  /** Compares the given fields with the record; null if there must be none. */
  async expectRecord(subject: Subject, expected: Partial<SubjectRecord> | null): Promise<void> {
    const record = await this.store.read(subject.key);
    if (expected === null) return equal(record, null, `the record of ${subject.key}`);
    deepEqual({ ...record, ...expected }, record, `the record of ${subject.key}`);
  }
}

export class TimedStoreUnderTest extends StoreUnderTest {
  readonly #clock: TestClock;

  constructor(store: LockoutStore, clock: TestClock) {
    super(store);
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock();
  }

  wait(ms: number): void {
    this.#clock.advance({ milliseconds: ms });
  }
}
