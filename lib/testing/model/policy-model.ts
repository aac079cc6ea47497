/** A model of a store, by the policy alone: one state per key, and nothing that stores do to be fast or small. */
import {
  type Block,
  block,
  type DeviceRevocation,
  erase,
  type Restoration,
  reset,
  resetLockedBy,
  restore,
  revokeDevices,
} from '../../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../../policy/replies.js';
import {
  toBlockReply,
  toReadReply,
  toRecord,
  toReserveReply,
  toSettleReply,
  toStoredRecord,
} from '../../policy/replies.js';
import { reserve } from '../../policy/reserve.js';
import { settle } from '../../policy/settle.js';
import { reserveAll, settleAll } from '../../policy/several.js';
import {
  type Lease,
  type Marks,
  type Policy,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from '../../policy/state.js';
import type { SlotRequest, SlotVerdict, StoreOrder } from '../../stores/store.js';
import type { Subject } from '../../subject/key.js';

export class PolicyModel {
  readonly #clock: () => number;
  readonly #states = new Map<Subject, SubjectState>();

  constructor(subjects: readonly Subject[], clock: () => number) {
    this.#clock = clock;
    for (const subject of subjects) this.#states.set(subject, UNKNOWN_SUBJECT);
  }

  reserve(subject: Subject, policy: Policy, id: string | null): ReserveReply {
    return this.#step(subject, toReserveReply, (state, now) => reserve(state, policy, now, id));
  }

  reserveAll(requests: readonly SlotRequest[]): readonly ReserveReply[] {
    const now = this.#clock();
    const asked = requests.map((request) => ({ ...request, state: this.#stateOf(request.subject) }));
    const reservations = reserveAll(asked, now);
    for (const [index, { state }] of reservations.entries()) {
      this.#states.set((requests[index] as SlotRequest).subject, state);
    }
    return reservations.map((reservation) => toReserveReply(reservation, now));
  }

  settleAll(verdicts: readonly SlotVerdict[]): readonly SettleReply[] {
    const now = this.#clock();
    const told = verdicts.map((verdict) => ({ ...verdict, state: this.#stateOf(verdict.subject) }));
    const settlements = settleAll(told, now);
    for (const [index, { state }] of settlements.entries()) {
      this.#states.set((verdicts[index] as SlotVerdict).subject, state);
    }
    return settlements.map((settlement) => toSettleReply(settlement, now));
  }

  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): SettleReply {
    return this.#step(subject, toSettleReply, (state, now) => settle(state, policy, now, lease, verdict, marks));
  }

  block(subject: Subject, details: Block): BlockReply {
    const now = this.#clock();
    const result = block(this.#stateOf(subject), now, details);
    this.#states.set(subject, result.state);
    return toBlockReply(subject, result, now);
  }

  reset(subject: Subject): SubjectRecord | null {
    const before = this.#shown(subject);
    this.#states.set(subject, reset(this.#stateOf(subject), this.#clock()).state);
    return before;
  }

  erase(subject: Subject): SubjectRecord | null {
    const before = this.#shown(subject);
    this.#states.set(subject, erase(this.#stateOf(subject), this.#clock()).state);
    return before;
  }

  revokeDevices(subject: Subject, revocation: DeviceRevocation): number {
    const state = revokeDevices(this.#stateOf(subject), this.#clock(), revocation);
    this.#states.set(subject, state);
    return state.revocation?.before ?? 0;
  }

  resetLockedBy(subject: Subject, lockedBy: string): SubjectRecord | null {
    const before = this.#shown(subject);
    const lifted = resetLockedBy(this.#stateOf(subject), this.#clock(), lockedBy);
    if (!lifted) return null;
    this.#states.set(subject, lifted.state);
    return before;
  }

  restore(subject: Subject, lifted: Restoration): SubjectRecord | null {
    const restored = restore(this.#stateOf(subject), this.#clock(), lifted);
    if (!restored) return null;
    this.#states.set(subject, restored.state);
    return this.#shown(subject);
  }

  read(subject: Subject): SubjectRecord | null {
    return toReadReply(subject, this.#stateOf(subject), this.#clock());
  }

  #shown(subject: Subject): SubjectRecord | null {
    return toRecord(subject, this.#stateOf(subject), this.#clock());
  }

  /** Returns the record even if it has expired. */
  stored(subject: Subject): SubjectRecord {
    return toStoredRecord(subject, this.#stateOf(subject), this.#clock());
  }

  list(dimension: string, lockedOnly: boolean, order: StoreOrder): SubjectRecord[] {
    const subjects = [...this.#states.keys()].filter((subject) => subject.dimension === dimension);
    const shown = subjects.map((subject) => this.#shown(subject)).filter((record) => record !== null);
    return inOrder(shown, order).filter(({ lock }) => !lockedOnly || lock !== null);
  }

  #step<T extends { readonly state: SubjectState }, Reply>(
    subject: Subject,
    toReply: (result: T, now: number) => Reply,
    act: (state: SubjectState, now: number) => T,
  ): Reply {
    const now = this.#clock();
    const result = act(this.#stateOf(subject), now);
    this.#states.set(subject, result.state);
    return toReply(result, now);
  }

  #stateOf(subject: Subject): SubjectState {
    return this.#states.get(subject) ?? UNKNOWN_SUBJECT;
  }
}

function inOrder(records: readonly SubjectRecord[], order: StoreOrder): SubjectRecord[] {
  const endOf = ({ lock }: SubjectRecord) => (order === 'key' ? 0 : (lock?.lockedUntil ?? 0));
  return records.toSorted((a, b) => (endOf(a) < endOf(b) || (endOf(a) === endOf(b) && a.key < b.key) ? -1 : 1));
}
