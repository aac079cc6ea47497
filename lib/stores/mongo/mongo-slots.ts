/**
 * Slots of subjects: taken and given back with a verdict, one by one or those of an attempt together.
 *
 * Together, one command tries all of them at once: an update guarded by what this process has lately seen of each record, or an
 * insert where it has seen none. It tells only how many it wrote. What that does not settle is done by an exact step on each
 * record, with the same lease ids: a slot that the command did take is then found, and not taken twice.
 */
import type { ReserveReply, SettleReply } from '../../policy/replies.js';
import { toReserveReply, toSettleReply } from '../../policy/replies.js';
import { type Reservation, reserve } from '../../policy/reserve.js';
import { settle } from '../../policy/settle.js';
import { marksAfter, settlingOrder } from '../../policy/several.js';
import { type Lease, type Marks, type Policy, UNKNOWN_SUBJECT, type Verdict } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import type { SlotRequest, SlotVerdict } from '../store.js';
import type { KnownSubject, KnownSubjects } from './known-subjects.js';
import type { LockoutCollection } from './lockout-collection.js';
import { type LeaseDocument, type LockoutDocument, toDocument, toState } from './lockout-document.js';
import { giveBack, lookAt, type Statement, takeSlot } from './pipelines/short-steps.js';
import { reservePipeline, settlePipeline } from './pipelines/steps.js';
import type { ServerClock } from './server-clock.js';
import type { WriteCommand } from './write-command.js';

/** A lease that ends within this time is settled by an exact step, which knows the server's time. */
const LAST_MOMENT_MS = 1_000;
/**
 * Two attempts may have taken a slot from each other, as commands take what they can get. Asked for in the order of the keys, one
 * of them gets all that both want.
 */
const MAX_ROUNDS = 5;
/** What most records hold that another process has seen, but not this one. */
const NO_FAILURES: KnownSubject = {
  failures: 0,
  consecutiveFailures: 0,
  guesses: [],
  revokedBefore: 0,
  isPlain: true,
};

/** Tells the slots of one call from those that were granted before under the same ids. */
let calls = 0;

type Indexed<T> = readonly [index: number, value: T];

interface Answer {
  readonly reply: ReserveReply;
  /** Whether this call took the slot. */
  readonly isNew: boolean;
}

/** One slot of an attempt, with the statement that takes it. */
interface Taking {
  readonly request: SlotRequest & { readonly leaseId: string };
  readonly known: KnownSubject;
  readonly statement: Statement;
}

/** What to try in one command: slots of records seen before, further records to look at, and records to insert. */
interface Plan {
  readonly takings: readonly Indexed<Taking>[];
  readonly looks: readonly Indexed<SlotRequest>[];
  readonly inserts: readonly Indexed<SlotRequest>[];
}

interface Tried {
  readonly answers: ReadonlyMap<number, Answer>;
  /** Whether records were not as remembered: then others are likely to want the same slots. */
  readonly isContended: boolean;
}

const NOTHING_TRIED: Tried = { answers: new Map(), isContended: false };

export interface MongoSlotsParts {
  readonly lockouts: LockoutCollection;
  readonly command: WriteCommand;
  readonly known: KnownSubjects;
  readonly serverClock: ServerClock;
}

export class MongoSlots {
  readonly #parts: MongoSlotsParts;

  constructor(parts: MongoSlotsParts) {
    this.#parts = parts;
  }

  async reserve(subject: Subject, policy: Policy, leaseId: string | null): Promise<ReserveReply> {
    return (await this.#reserveOne({ subject, policy, leaseId }, 0)).reply;
  }

  async reserveAll(requests: readonly SlotRequest[]): Promise<readonly ReserveReply[]> {
    calls += 1;
    const call = calls;
    let tried = requests.length > 1 ? await this.#tryTaking(requests, call) : NOTHING_TRIED;
    for (let round = 1; ; round += 1) {
      const answers = await this.#reserveEach(requests, tried, call);
      if (!isRefused(requests, answers)) return toReplies(answers);
      const withdrawn = await this.#withdraw(requests, answers);
      const isLocked = answers.some(({ reply }) => reply.outcome === 'locked');
      const hadSome = answers.some(({ isNew }) => isNew);
      if (isLocked || !hadSome || round === MAX_ROUNDS) return toReplies(withdrawn);
      tried = { answers: new Map(), isContended: true };
    }
  }

  async settle(
    subject: Subject,
    policy: Policy,
    lease: Lease,
    verdict: Verdict,
    marks: Marks = {},
  ): Promise<SettleReply> {
    const tagged = await this.#parts.lockouts.tagged(subject.key, marks);
    return this.#settleOne({ subject, policy, lease, verdict, marks: tagged });
  }

  async settleAll(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
    const { lockouts } = this.#parts;
    const tagged = await Promise.all(
      verdicts.map(async ({ marks = {}, ...verdict }) => {
        return { ...verdict, marks: await lockouts.tagged(verdict.subject.key, marks) };
      }),
    );
    const replies = verdicts.length > 1 ? await this.#trySettling(tagged) : null;
    return replies ?? this.#settleEach(tagged);
  }

  /** Takes what single commands can take; the answers are certain. */
  async #tryTaking(requests: readonly SlotRequest[], call: number): Promise<Tried> {
    const { lockouts, command, known } = this.#parts;
    await lockouts.prepared();
    const plan = command.isReady ? this.#plan(requests, call) : null;
    if (!plan) return NOTHING_TRIED;
    const [updated, { made, existing }] = await Promise.all([this.#update(plan), this.#insert(plan.inserts)]);
    if (updated === null) for (const [, { request }] of plan.takings) known.doubt(request.subject.key);
    const others = this.#takings(existing, call);
    const updatedToo = others && (await this.#update({ takings: others, looks: [], inserts: [] }));
    const answers = new Map([...made, ...(updated ?? []), ...(updatedToo ?? [])]);
    return { answers, isContended: updated === null || updatedToo === null };
  }

  /** Returns null if a record needs an exact step anyway: a command before it would be in vain. */
  #plan(requests: readonly SlotRequest[], call: number): Plan | null {
    if (this.#parts.serverClock.isStale) return null;
    const entries = [...requests.entries()];
    const isSeen = ([, { subject }]: Indexed<SlotRequest>) => this.#parts.known.get(subject.key) !== undefined;
    const [looks, slots] = split(entries, ([, { leaseId }]) => leaseId === null);
    const [seen, inserts] = split(slots, isSeen);
    const takings = this.#takings(seen, call);
    return takings && { takings, looks, inserts };
  }

  #takings(requests: readonly Indexed<SlotRequest>[], call: number): readonly Indexed<Taking>[] | null {
    const takings: Indexed<Taking>[] = [];
    for (const [index, { subject, policy, leaseId }] of requests) {
      if (leaseId === null) continue;
      const known = this.#parts.known.get(subject.key) ?? NO_FAILURES;
      const statement = takeSlot({ key: subject.key, known, policy }, leaseId, call, this.#parts.lockouts.now());
      if (!statement) return null;
      takings.push([index, { request: { subject, policy, leaseId }, known, statement }]);
    }
    return takings;
  }

  /** Returns null if not all slots were taken: which of them were is not known. */
  async #update({ takings, looks }: Plan): Promise<readonly Indexed<Answer>[] | null> {
    const { command, lockouts, known: seen, serverClock } = this.#parts;
    // Without slots there would be nothing to tell a look that matches from.
    if (takings.length === 0) return [];
    const look = ([, { subject }]: Indexed<SlotRequest>) => lookAt(subject.key, lockouts.now());
    const updated = await command.update([...takings.map(([, { statement }]) => statement), ...looks.map(look)]);
    if (updated?.modified !== takings.length) return null;
    const now = serverClock.now();
    const answers = takings.map(([index, { request, known }]): Indexed<Answer> => {
      const { subject, policy, leaseId: id } = request;
      seen.note(subject.key, known);
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
        known.see(request.subject.key, reservation.state);
        made.push([index, { reply: toReserveReply(reservation, now), isNew: true }]);
      }
    }
    return { made, existing };
  }

  /** Asks for what is not answered yet: at once, or in the order of the keys until one is refused. */
  async #reserveEach(requests: readonly SlotRequest[], tried: Tried, call: number): Promise<readonly Answer[]> {
    const answers = new Map(tried.answers);
    const open = [...requests.entries()].filter(([index]) => !answers.has(index)).sort(byKey);
    let isOver = false;
    const ask = async ([index, request]: Indexed<SlotRequest>) => {
      const answer = isOver ? await this.#wouldTake(request) : await this.#reserveOne(request, call);
      if (tried.isContended && request.leaseId !== null && answer.reply.outcome !== 'taken') isOver = true;
      answers.set(index, answer);
    };
    if (!tried.isContended) await Promise.all(open.map(ask));
    else for (const request of open) await ask(request);
    return requests.map((_, index) => answers.get(index) as Answer);
  }

  /** Returns the same without taking a slot; one granted before is still taken. */
  async #wouldTake({ subject, policy, leaseId }: SlotRequest): Promise<Answer> {
    const found = await this.#parts.lockouts.read(subject.key);
    if (!found) return { reply: { outcome: 'free' }, isNew: false };
    const reservation = reserve(toState(found.document), policy, found.now, leaseId);
    const isThere = liveLease(found.document, leaseId, found.now) !== undefined;
    const wouldBe =
      reservation.outcome === 'taken' && !isThere ? { ...reservation, outcome: 'free' as const } : reservation;
    return { reply: toReserveReply(wouldBe, found.now), isNew: false };
  }

  async #reserveOne({ subject, policy, leaseId }: SlotRequest, call: number): Promise<Answer> {
    if (leaseId === null) return this.#wouldTake({ subject, policy, leaseId });
    const { lockouts, known } = this.#parts;
    const { before, now, document } = await lockouts.repeatable(() =>
      lockouts.update(
        subject,
        (time) => reservePipeline(policy, leaseId, time),
        (time) => reserve(UNKNOWN_SUBJECT, policy, time, leaseId).state,
      ),
    );
    const reservation = reserve(before, policy, now, leaseId);
    known.see(subject.key, reservation.state);
    const earlier = document && liveLease(document, leaseId, now);
    return { reply: toReserveReply(reservation, now), isNew: !earlier || earlier.call === call };
  }

  /** Gives back the slots that this call took, as another one of the attempt is refused. */
  async #withdraw(requests: readonly SlotRequest[], answers: readonly Answer[]): Promise<readonly Answer[]> {
    return Promise.all(
      answers.map(async (answer, index): Promise<Answer> => {
        const { reply, isNew } = answer;
        if (reply.outcome !== 'taken' || !isNew) return answer;
        const { subject, policy } = requests[index] as SlotRequest;
        await this.#settleOne({ subject, policy, lease: reply.lease, verdict: 'release', marks: {} });
        const { devicesSince } = reply;
        return { reply: { outcome: 'free', ...(devicesSince > 0 && { devicesSince }) }, isNew: false };
      }),
    );
  }

  /** Gives all slots back by one command; returns null if it is not certain that it gave back each of them. */
  async #trySettling(verdicts: readonly Required<SlotVerdict>[]): Promise<readonly SettleReply[] | null> {
    const { lockouts, command, known: seen, serverClock } = this.#parts;
    if (!command.isReady || serverClock.isStale) return null;
    const lastMoment = serverClock.now() + LAST_MOMENT_MS;
    const steps: { readonly key: string; readonly statement: Statement; readonly after: KnownSubject }[] = [];
    for (const { subject, policy, lease, verdict, marks } of verdicts) {
      const { key } = subject;
      const known = seen.get(key);
      const step =
        known &&
        lease.until > lastMoment &&
        giveBack({ key, known, policy }, lease, verdict, marks ?? {}, lockouts.now());
      if (!step) return null;
      steps.push({ key, ...step });
    }
    const updated = await command.update(steps.map(({ statement }) => statement));
    if (updated?.modified !== steps.length) {
      for (const { key } of steps) seen.doubt(key);
      return null;
    }
    return steps.map(({ key, after }) => {
      seen.note(key, after);
      const { failures, consecutiveFailures } = after;
      return { ...PLAIN_REPLY, failures, consecutiveFailures };
    });
  }

  async #settleEach(verdicts: readonly Required<SlotVerdict>[]): Promise<readonly SettleReply[]> {
    const replies: SettleReply[] = [];
    for (const indexes of settlingOrder(verdicts)) {
      const marksOf = marksAfter(verdicts, replies);
      const settle = async (index: number) => {
        const verdict = verdicts[index] as Required<SlotVerdict>;
        replies[index] = await this.#settleOne({ ...verdict, marks: marksOf(verdict) });
      };
      await Promise.all(indexes.map(settle));
    }
    return replies;
  }

  async #settleOne({ subject, policy, lease, verdict, marks }: Required<SlotVerdict>): Promise<SettleReply> {
    const { lockouts, known } = this.#parts;
    const told = marks ?? {};
    const { before, now } = await lockouts.repeatable(() =>
      lockouts.update(
        subject,
        (time) => settlePipeline(policy, lease, verdict, told, time),
        (time) => settle(UNKNOWN_SUBJECT, policy, time, lease, verdict, told).state,
      ),
    );
    const settlement = settle(before, policy, now, lease, verdict, told);
    known.see(subject.key, settlement.state);
    return toSettleReply(settlement, now);
  }
}

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

function isRefused(requests: readonly SlotRequest[], answers: readonly Answer[]): boolean {
  return answers.some(({ reply }, index) => requests[index]?.leaseId !== null && reply.outcome !== 'taken');
}

function toReplies(answers: readonly Answer[]): readonly ReserveReply[] {
  return answers.map(({ reply }) => reply);
}

function liveLease({ leases }: LockoutDocument, leaseId: string | null, now: number): LeaseDocument | undefined {
  return leases.find(({ id, until }) => id === leaseId && until.getTime() > now);
}

function byKey([, a]: Indexed<SlotRequest>, [, b]: Indexed<SlotRequest>): number {
  return a.subject.key < b.subject.key ? -1 : 1;
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
