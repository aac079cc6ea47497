/**
 * Slots of subjects: taken and given back with a verdict, one by one or those of an attempt together.
 *
 * Together, one command tries all of them at once: an update guarded by what this process has lately seen of each record, or an
 * insert where it has seen none. It tells only how many it wrote. What that does not settle is done by an exact step on each
 * record, with the same lease ids: a slot that the command did take is then found, and not taken twice.
 */
import type { ReserveReply, SettleReply } from '../../../policy/replies.js';
import { marksAfter, settlingOrder } from '../../../policy/several.js';
import type { Lease, Marks, Policy, Verdict } from '../../../policy/state.js';
import type { Subject } from '../../../subject/key.js';
import { unanswered } from '../../../util/unanswered.js';
import type { SlotRequest, SlotVerdict } from '../../store.js';
import { type Answer, byKey, type Indexed } from './answers.js';
import { ExactSlots } from './exact-slots.js';
import { NOTHING_TRIED, SlotsAtOnce, type SlotsAtOnceParts, type Tried } from './slots-at-once.js';

/**
 * Two attempts may have taken a slot from each other, as commands take what they can get. Asked for in the order of the keys, one
 * of them gets all that both want.
 */
const MAX_ROUNDS = 5;
/** Distinguishes the slots of one call from those that were granted before under the same ids. */
let calls = 0;

export class MongoSlots {
  readonly #parts: SlotsAtOnceParts;
  readonly #exact: ExactSlots;
  readonly #atOnce: SlotsAtOnce;

  constructor(parts: SlotsAtOnceParts) {
    this.#parts = parts;
    this.#exact = new ExactSlots(parts);
    this.#atOnce = new SlotsAtOnce(parts);
  }

  async reserve(subject: Subject, policy: Policy, leaseId: string | null): Promise<ReserveReply> {
    return (await this.#exact.reserve({ subject, policy, leaseId }, 0)).reply;
  }

  async reserveAll(requests: readonly SlotRequest[]): Promise<readonly ReserveReply[]> {
    calls += 1;
    const call = calls;
    if (this.#atOnce.isLockKnown(requests)) {
      // A slot of the others would only have to be given back.
      const answers = await Promise.all(requests.map((request) => this.#exact.wouldTake(request, call)));
      if (isLocked(requests, answers)) return toReplies(answers);
    }
    let tried = requests.length > 1 ? await this.#atOnce.reserve(requests, call) : NOTHING_TRIED;
    for (let round = 1; ; round += 1) {
      const answers = await this.#reserveEach(requests, tried, call);
      if (!isRefused(requests, answers)) return toReplies(answers);
      const withdrawn = await this.#withdraw(requests, answers);
      const hadSome = answers.some(({ isNew }) => isNew);
      if (isLocked(requests, answers) || !hadSome || round === MAX_ROUNDS) return toReplies(withdrawn);
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
    return this.#exact.settle({ subject, policy, lease, verdict, marks: tagged });
  }

  async settleAll(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
    const { lockouts } = this.#parts;
    const tagged = await Promise.all(
      verdicts.map(async ({ marks = {}, ...verdict }) => {
        return { ...verdict, marks: await lockouts.tagged(verdict.subject.key, marks) };
      }),
    );
    const settled = verdicts.length > 1 ? await this.#atOnce.settle(tagged) : 'untried';
    if (settled !== 'untried' && settled !== 'uncertain') return settled;
    const each =
      settled === 'untried' ? tagged : tagged.map((one) => ({ ...one, marks: { ...one.marks, mayBeSettled: true } }));
    try {
      return await this.#settleEach(each);
    } catch (error) {
      // Whatever this says of one record, the command or the steps on the others may have been carried out.
      throw verdicts.length > 1 ? unanswered(error) : error;
    }
  }

  /** Asks for what is not answered yet: at once, or in the order of the keys until one is refused. */
  async #reserveEach(requests: readonly SlotRequest[], tried: Tried, call: number): Promise<readonly Answer[]> {
    const answers = new Map(tried.answers);
    const open = [...requests.entries()].filter(([index]) => !answers.has(index)).sort(byKey);
    let isOver = false;
    const ask = async ([index, request]: Indexed<SlotRequest>) => {
      const answer = isOver ? await this.#exact.wouldTake(request, call) : await this.#exact.reserve(request, call);
      if (tried.isContended && request.leaseId !== null && answer.reply.outcome !== 'taken') isOver = true;
      answers.set(index, answer);
    };
    if (!tried.isContended) await Promise.all(open.map(ask));
    else for (const request of open) await ask(request);
    return requests.map((_, index) => answers.get(index) as Answer);
  }

  /** Gives back the slots that this call took, as another one of the attempt is refused. */
  async #withdraw(requests: readonly SlotRequest[], answers: readonly Answer[]): Promise<readonly Answer[]> {
    return Promise.all(
      answers.map(async (answer, index): Promise<Answer> => {
        const { reply, isNew } = answer;
        if (reply.outcome !== 'taken' || !isNew) return answer;
        const { subject, policy } = requests[index] as SlotRequest;
        await this.#exact.settle({ subject, policy, lease: reply.lease, verdict: 'release', marks: {} });
        const { devicesSince } = reply;
        return { reply: { outcome: 'free', ...(devicesSince > 0 && { devicesSince }) }, isNew: false };
      }),
    );
  }

  async #settleEach(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
    const replies: SettleReply[] = [];
    for (const indexes of settlingOrder(verdicts)) {
      const marksOf = marksAfter(verdicts, replies);
      const settle = async (index: number) => {
        const verdict = verdicts[index] as SlotVerdict;
        replies[index] = await this.#exact.settle({ ...verdict, marks: marksOf(verdict) });
      };
      await Promise.all(indexes.map(settle));
    }
    return replies;
  }
}

function isRefused(requests: readonly SlotRequest[], answers: readonly Answer[]): boolean {
  return answers.some(({ reply }, index) => requests[index]?.leaseId !== null && reply.outcome !== 'taken');
}

/** Whether one is locked that is not only looked at. */
function isLocked(requests: readonly SlotRequest[], answers: readonly Answer[]): boolean {
  return answers.some(({ reply }, index) => requests[index]?.leaseId !== null && reply.outcome === 'locked');
}

function toReplies(answers: readonly Answer[]): readonly ReserveReply[] {
  return answers.map(({ reply }) => reply);
}
