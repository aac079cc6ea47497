/** One command for the slots of all subjects of an attempt, on what this process has lately seen of their records. */
import { type SettleReply, toReserveReply } from '../../../policy/replies.js';
import { type Reservation, reserve } from '../../../policy/reserve.js';
import { UNKNOWN_SUBJECT } from '../../../policy/state.js';
import type { SlotRequest, SlotVerdict } from '../../store.js';
import type { LockoutCollection } from '../lockout-collection.js';
import { toDocument } from '../lockout-document.js';
import { giveBack, lookAt, type ShortStep, takeSlot } from '../pipelines/short-steps.js';
import type { ServerClock } from '../server-clock.js';
import { type Answer, byKey, type Indexed } from './answers.js';
import { type KnownSubject, type KnownSubjects, toKnown } from './known-subjects.js';
import { isShort } from './short-leases.js';
import type { WriteCommand } from './write-command.js';

/** What most records hold that another process has seen, but not this one. */
const NO_FAILURES: KnownSubject = {
  failures: 0,
  consecutiveFailures: 0,
  guesses: [],
  isSprayed: false,
  revokedBefore: 0,
  lockedUntil: 0,
  isPlain: true,
  keptUntil: 0,
  isAssumed: true,
};

/** The reply to a verdict that neither locked nor meant anything else. */
const PLAIN_REPLY = {
  freeSlots: 1,
  didLock: false,
  lock: null,
  isLate: false,
  isRepeat: false,
  isSpray: false,
  isFirstToday: false,
} as const;

/** One slot of an attempt, with the statement that takes it. */
interface Taking {
  readonly request: SlotRequest & { readonly leaseId: string };
  readonly step: ShortStep;
}

/** What to try in one command: slots of records seen before, further records to look at, and records to insert. */
interface Plan {
  readonly takings: readonly Indexed<Taking>[];
  readonly looks: readonly Indexed<SlotRequest>[];
  readonly inserts: readonly Indexed<SlotRequest>[];
}

export interface Tried {
  /** What is certain, by the index of the request. */
  readonly answers: ReadonlyMap<number, Answer>;
  /** Whether records were not as remembered: then others are likely to want the same slots. */
  readonly isContended: boolean;
}

/** No command was sent; or one was, and it is not certain which slots it gave back. */
export type Unsettled = 'untried' | 'uncertain';

export const NOTHING_TRIED: Tried = { answers: new Map(), isContended: false };

export interface SlotsAtOnceParts {
  readonly lockouts: LockoutCollection;
  readonly command: WriteCommand;
  readonly known: KnownSubjects;
  readonly serverClock: ServerClock;
}

export class SlotsAtOnce {
  readonly #parts: SlotsAtOnceParts;

  constructor(parts: SlotsAtOnceParts) {
    this.#parts = parts;
  }

  /** Takes what commands can take, each of several records. */
  async reserve(requests: readonly SlotRequest[], call: number): Promise<Tried> {
    const { lockouts, command } = this.#parts;
    await lockouts.prepared();
    const plan = command.isReady ? this.#plan(requests, call) : null;
    if (!plan) return NOTHING_TRIED;
    const [updated, { made, existing }] = await Promise.all([this.#update(plan), this.#insert(plan.inserts)]);
    const others = this.#takings(existing, call);
    const updatedToo = others && (await this.#update({ takings: others, looks: [], inserts: [] }));
    const answers = new Map([...made, ...(updated ?? []), ...(updatedToo ?? [])]);
    return { answers, isContended: updated === null || updatedToo === null };
  }

  /** Whether this process has seen a lock that refuses one of them, and may be in force. */
  isLockKnown(requests: readonly SlotRequest[]): boolean {
    const { known, serverClock } = this.#parts;
    const now = serverClock.now();
    return requests.some(({ subject, policy, leaseId }) => {
      return leaseId !== null && !policy.rowOnly && (known.get(subject.key)?.lockedUntil ?? 0) > now;
    });
  }

  /** Gives all slots back by one command. */
  async settle(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[] | Unsettled> {
    const { lockouts, command, known: seen, serverClock } = this.#parts;
    if (!command.isReady || serverClock.isStale) return 'untried';
    const lastMoment = serverClock.now() + serverClock.toleranceMs;
    const steps: (ShortStep & { readonly key: string })[] = [];
    for (const { subject, policy, lease, verdict, marks = {} } of verdicts) {
      const { key } = subject;
      const known = seen.get(key);
      const step =
        known && lease.until > lastMoment && giveBack({ key, known, policy }, lease, verdict, marks, lockouts.now());
      if (!step) return 'untried';
      steps.push({ key, ...step });
    }
    const updated = await command.update(steps.map(({ statement }) => statement));
    if (updated?.modified !== steps.length) return 'uncertain';
    return steps.map(({ key, after }) => {
      seen.note(key, after);
      const { failures, consecutiveFailures } = after;
      return { ...PLAIN_REPLY, failures, consecutiveFailures };
    });
  }

  /** Returns null if a record needs an exact step anyway: a command before it would be in vain. */
  #plan(requests: readonly SlotRequest[], call: number): Plan | null {
    if (this.#parts.serverClock.isStale) return null;
    if (requests.some(({ policy }) => isShort(policy))) return null;
    const entries = [...requests.entries()];
    const isSeen = ([, { subject }]: Indexed<SlotRequest>) => this.#parts.known.get(subject.key) !== undefined;
    const [looks, slots] = split(entries, ([, { leaseId }]) => leaseId === null);
    const [seen, inserts] = split(slots, isSeen);
    const takings = this.#takings(seen, call);
    return takings && { takings, looks, inserts };
  }

  #takings(requests: readonly Indexed<SlotRequest>[], call: number): readonly Indexed<Taking>[] | null {
    const { known: seen, lockouts, serverClock } = this.#parts;
    const askedAt = serverClock.now();
    const takings: Indexed<Taking>[] = [];
    for (const [index, { subject, policy, leaseId }] of requests) {
      if (leaseId === null) continue;
      const known = seen.get(subject.key) ?? NO_FAILURES;
      const step = takeSlot({ key: subject.key, known, policy }, { id: leaseId, call, askedAt }, lockouts.now());
      if (!step) return null;
      takings.push([index, { request: { subject, policy, leaseId }, step }]);
    }
    return takings;
  }

  /** Returns null if not all slots were taken: which of them were is not known. */
  async #update({ takings, looks }: Plan): Promise<readonly Indexed<Answer>[] | null> {
    const { command, lockouts, known: seen, serverClock } = this.#parts;
    // Before the command: the lease that it stores ends no sooner than the one reported.
    const now = serverClock.now();
    // Only beside slots does the count show that a look has matched.
    if (takings.length === 0) return [];
    const look = ([, { subject }]: Indexed<SlotRequest>) => lookAt(subject.key, lockouts.now());
    const updated = await command.update([...takings.map(([, { step }]) => step.statement), ...looks.map(look)]);
    if (updated?.modified !== takings.length) return null;
    const answers = takings.map(([index, { request, step }]): Indexed<Answer> => {
      const { subject, policy, leaseId: id } = request;
      const { after: known } = step;
      seen.note(subject.key, known.isAssumed ? { ...known, isAssumed: false } : known);
      const lease = { id, until: now + policy.leaseTimeoutMs };
      return [
        index,
        { reply: { outcome: 'taken', lease, freeSlots: 1, devicesSince: known.revokedBefore }, isNew: true },
      ];
    });
    if (updated.matched > updated.modified) return answers;
    return [
      ...answers,
      ...looks.map(([index]): Indexed<Answer> => [index, { reply: { outcome: 'free' }, isNew: false }]),
    ];
  }

  async #insert(
    inserts: readonly Indexed<SlotRequest>[],
  ): Promise<{ readonly made: readonly Indexed<Answer>[]; readonly existing: readonly Indexed<SlotRequest>[] }> {
    const { command, known, serverClock } = this.#parts;
    if (inserts.length === 0) return { made: [], existing: [] };
    const now = serverClock.now();
    const sorted = inserts.toSorted(byKey);
    const first = sorted.map(([, { policy, leaseId }]) => reserve(UNKNOWN_SUBJECT, policy, now, leaseId));
    const isThere = await command.insert(
      sorted.map(([, { subject }], place) => toDocument(subject, (first[place] as Reservation).state)),
    );
    const made: Indexed<Answer>[] = [];
    const existing: Indexed<SlotRequest>[] = [];
    for (const [place, [index, request]] of sorted.entries()) {
      const reservation = first[place] as Reservation;
      if (!isThere || isThere.has(place)) existing.push([index, request]);
      else {
        known.note(request.subject.key, toKnown(reservation.state));
        made.push([index, { reply: toReserveReply(reservation, now), isNew: true }]);
      }
    }
    return { made, existing };
  }
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
