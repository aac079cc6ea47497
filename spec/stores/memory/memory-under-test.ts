/** A memory store on a clock that the spec moves, and the shortest words for using it. */
import type { Lease, Verdict } from '../../../lib/policy/state.js';
import { MemoryStore } from '../../../lib/stores/memory/memory-store.js';
import type { StorePage, StoreQuery } from '../../../lib/stores/store.js';
import type { Subject } from '../../../lib/subject/key.js';
import { DAY, HOUR, NOON, policyWith } from '../../policy/examples.js';
import { username } from '../examples.js';

export const FOREVER = Number.POSITIVE_INFINITY;
export const POLICY = policyWith();
export const MARKS = { source: { place: 'home', spelling: 'alice' } };
export const ALICE = username('alice');
export const ORDER = { forMs: HOUR, forgetAfterMs: DAY, reason: 'stuffing', by: 'admin' };
export const EVERYTHING: StoreQuery = { dimension: undefined, lockedOnly: false, cursor: null, limit: 100 };

export class MemoryUnderTest {
  now = NOON;
  store: MemoryStore;
  #ids = 0;

  constructor(maxSubjects?: number) {
    this.store = new MemoryStore({ clock: () => this.now, ...(maxSubjects === undefined ? {} : { maxSubjects }) });
  }

  reserve(subject: Subject, rules = POLICY): Lease {
    const reply = this.store.reserve(subject, rules, this.nextId());
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }

  guess(subject: Subject, verdict: Verdict = 'failure', rules = POLICY) {
    return this.store.settle(subject, rules, this.reserve(subject, rules), verdict, MARKS);
  }

  nextId(): string {
    return `lease-${++this.#ids}`;
  }

  page(query: Partial<StoreQuery> = {}): StorePage {
    return this.store.list({ ...EVERYTHING, ...query });
  }

  keys(query: Partial<StoreQuery> = {}): string[] {
    return this.page(query).records.map(({ key }) => key);
  }
}
