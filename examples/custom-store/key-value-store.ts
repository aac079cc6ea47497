/** Keeps lockouts in any database that can write an entry on condition that it has not changed meanwhile. */
import {
  type Block,
  type BlockReply,
  type Lease,
  type LockoutStore,
  type Marks,
  type Policy,
  policy,
  type ReserveReply,
  type SettleReply,
  type StoreMatch,
  type StorePage,
  type StoreQuery,
  type Subject,
  type SubjectParts,
  type SubjectRecord,
  type Verdict,
} from 'passport-lockout';
import type { KeyValue } from './key-value.js';
import { pageOf, parseCursor } from './page.js';
import { fromText, type StoredRecord, toText } from './record.js';

export class KeyValueStore implements LockoutStore {
  readonly clock: () => number;
  readonly #database: KeyValue;

  /** @param clock - should be the database's if several machines share it */
  constructor(database: KeyValue, clock: () => number = Date.now) {
    this.#database = database;
    this.clock = clock;
  }

  reserve(subject: Subject, rules: Policy, leaseId: string | null): Promise<ReserveReply> {
    return this.#step(subject, (state, now) => {
      const result = policy.reserve(state, rules, now, leaseId);
      return { state: result.state, reply: policy.toReserveReply(result, now) };
    });
  }

  settle(subject: Subject, rules: Policy, lease: Lease, verdict: Verdict, marks?: Marks): Promise<SettleReply> {
    return this.#step(subject, (state, now) => {
      const result = policy.settle(state, rules, now, lease, verdict, marks);
      return { state: result.state, reply: policy.toSettleReply(result, now) };
    });
  }

  block(subject: Subject, details: Block): Promise<BlockReply> {
    return this.#step(subject, (state, now) => {
      const result = policy.block(state, now, details);
      return { state: result.state, reply: policy.toBlockReply(subject, result, now) };
    });
  }

  revokeDevices(subject: Subject, revocation: policy.DeviceRevocation): Promise<number> {
    return this.#step(subject, (state, now) => {
      const next = policy.revokeDevices(state, now, revocation);
      return { state: next, reply: next.revocation?.before ?? 0 };
    });
  }

  async reset(key: string): Promise<SubjectRecord | null> {
    const record = await this.#load(key);
    if (!record) return null;
    const { subject } = record;
    return this.#step(subject, (state, now) => ({
      state: policy.reset(state, now).state,
      reply: policy.toRecord(subject, state, now),
    }));
  }

  async read(key: string): Promise<SubjectRecord | null> {
    const record = await this.#load(key);
    return record ? policy.toReadReply(record.subject, record.state, this.clock()) : null;
  }

  async erase(key: string): Promise<SubjectRecord | null> {
    const record = await this.#load(key);
    if (!record) return null;
    const { subject } = record;
    // This removes the entry, unless attempts are still being verified.
    return this.#step(subject, (state, now) => ({
      state: policy.erase(state, now).state,
      reply: policy.toStoredRecord(subject, state, now),
    }));
  }

  async cleanup(key: string): Promise<boolean> {
    const record = await this.#load(key);
    if (!record) return false;
    // A step never keeps an expired state; a state that still matters stays as it is.
    return this.#step(record.subject, (state, now) => ({ state, reply: policy.expiresAt(state) <= now }));
  }

  async resetLockedBy(key: string, lockedBy: string): Promise<SubjectRecord | null> {
    const record = await this.#load(key);
    if (!record) return null;
    const { subject } = record;
    return this.#step(subject, (state, now) => {
      const lifted = policy.resetLockedBy(state, now, lockedBy);
      return { state: lifted?.state ?? state, reply: lifted && policy.toRecord(subject, state, now) };
    });
  }

  async list({
    dimension,
    lockedOnly,
    madeOf,
    withExpired,
    cursor,
    order = 'key',
    limit,
  }: StoreQuery): Promise<StorePage> {
    const after = cursor === null ? null : parseCursor(cursor, order);
    // Reads everything: good for a few thousand records. A large database needs an index instead.
    const now = this.clock();
    const stored = await Promise.all((await this.#database.keys()).map((key) => this.#load(key)));
    const matching = stored
      .filter((record) => record !== undefined)
      .map(({ subject, state }) => (withExpired ? policy.toStoredRecord : policy.toRecord)(subject, state, now))
      .filter((record) => record !== null)
      .filter(({ lock, parts }) => (lock !== null || !lockedOnly) && (!madeOf || isMadeOf(parts, madeOf)))
      .filter((record) => dimension === undefined || record.dimension === dimension);
    return pageOf(matching, order, after, limit);
  }

  close(): void {
    // The database belongs to the caller.
  }

  /** Loads, applies the rule and saves, and starts over if another call has saved in between. */
  async #step<Reply>(
    subject: policy.StoredSubject,
    rule: (state: policy.SubjectState, now: number) => { readonly state: policy.SubjectState; readonly reply: Reply },
  ): Promise<Reply> {
    for (;;) {
      const found = await this.#database.get(subject.key);
      const before = found ? fromText(found.text).state : policy.UNKNOWN_SUBJECT;
      const now = this.clock();
      const { state, reply } = rule(before, now);
      const text = policy.expiresAt(state) > now ? toText({ subject, state }) : undefined;
      const isUnchanged = text === found?.text;
      if (isUnchanged || (await this.#database.compareAndSet(subject.key, found?.version ?? 0, text))) return reply;
    }
  }

  async #load(key: string): Promise<StoredRecord | undefined> {
    const found = await this.#database.get(key);
    return found && fromText(found.text);
  }
}

function isMadeOf(own: SubjectParts, { parts, match }: StoreMatch): boolean {
  const has = ([name, value]: [string, string]) => own[name] === value;
  const wanted = Object.entries(parts);
  return match === 'all' ? wanted.every(has) : wanted.some(has);
}
