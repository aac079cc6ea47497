/** Exact steps on the slots of one record: its document as it was comes back, and the policy computes the reply from it. */
import { type SettleReply, toReserveReply, toSettleReply } from '../../../policy/replies.js';
import { reserve } from '../../../policy/reserve.js';
import { settle } from '../../../policy/settle.js';
import { UNKNOWN_SUBJECT } from '../../../policy/state.js';
import type { SlotRequest, SlotVerdict } from '../../store.js';
import type { LockoutCollection } from '../lockout-collection.js';
import { type LockoutDocument, toState } from '../lockout-document.js';
import { reservePipeline, settlePipeline } from '../pipelines/steps.js';
import type { ServerClock } from '../server-clock.js';
import type { Answer } from './answers.js';
import type { KnownSubjects } from './known-subjects.js';
import { isShort } from './short-leases.js';

export interface ExactSlotsParts {
  readonly lockouts: LockoutCollection;
  readonly known: KnownSubjects;
  readonly serverClock: ServerClock;
}

export class ExactSlots {
  readonly #parts: ExactSlotsParts;

  constructor(parts: ExactSlotsParts) {
    this.#parts = parts;
  }

  /** @param call - of the slots that commands take for several subjects; 0 if there are none */
  async reserve({ subject, policy, leaseId }: SlotRequest, call: number): Promise<Answer> {
    if (leaseId === null) return this.wouldTake({ subject, policy, leaseId }, call);
    const { lockouts, known } = this.#parts;
    const askedAt = performance.now();
    const { before, now, document } = await lockouts.repeatable(() =>
      lockouts.update(
        subject,
        (time) => reservePipeline(policy, leaseId, time),
        (time) => reserve(UNKNOWN_SUBJECT, policy, time, leaseId).state,
      ),
    );
    const reservation = reserve(before, policy, now, leaseId);
    known.see(subject.key, { before, after: reservation.state, askedAt });
    const earlier = document && liveLease(document, leaseId, now);
    return { reply: toReserveReply(reservation, now), isNew: !earlier || earlier.call === call };
  }

  /** Returns the same without taking a slot; one granted before, or by a command of this call, is still taken. */
  async wouldTake({ subject, policy, leaseId }: SlotRequest, call: number): Promise<Answer> {
    const found = await this.#parts.lockouts.read(subject.key);
    if (!found) return { reply: { outcome: 'free' }, isNew: false };
    const reservation = reserve(toState(found.document), policy, found.now, leaseId);
    const lease = liveLease(found.document, leaseId, found.now);
    const wouldBe =
      reservation.outcome === 'taken' && !lease ? { ...reservation, outcome: 'free' as const } : reservation;
    return { reply: toReserveReply(wouldBe, found.now), isNew: lease?.call === call };
  }

  async settle({ subject, policy, lease: given, verdict, marks = {} }: SlotVerdict): Promise<SettleReply> {
    const { lockouts, known, serverClock } = this.#parts;
    // Its end may be an estimate. Were it too late, a verdict on a slot that others have taken since would be disclosed.
    const lease = isShort(policy) ? given : { id: given.id, until: given.until - serverClock.toleranceMs };
    const askedAt = performance.now();
    const { before, now, told } = await lockouts.repeatable(async (isResent) => {
      const told = isResent ? { ...marks, mayBeSettled: true } : marks;
      const updated = await lockouts.update(
        subject,
        (time) => settlePipeline(policy, lease, verdict, told, time),
        (time) => settle(UNKNOWN_SUBJECT, policy, time, lease, verdict, told).state,
      );
      return { ...updated, told };
    });
    const settlement = settle(before, policy, now, lease, verdict, told);
    known.see(subject.key, { before, after: settlement.state, askedAt });
    return toSettleReply(settlement, now);
  }
}

function liveLease(
  { leases }: LockoutDocument,
  leaseId: string | null,
  now: number,
): LockoutDocument['leases'][number] | undefined {
  return leases.find(({ id, until }) => id === leaseId && until.getTime() > now);
}
