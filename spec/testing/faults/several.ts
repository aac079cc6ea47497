/** Faults in the steps of several subjects. */
import type { MemoryStore } from '../../../lib/index.js';
import type { SlotRequest, SlotVerdict } from '../../../lib/stores/store.js';
import type { Faults } from './kinds.js';

export const SEVERAL_FAULTS: Faults = {
  'asks for several slots one by one, and keeps those it got': (store) => ({
    reserveAll: (requests) => requests.map((request) => reserveOne(store, request)),
  }),
  'takes no slot where it was only to look at one that is locked': (store) => ({
    reserveAll: (requests) => {
      const isLocked = requests.some(({ subject }) => store.read(subject.key)?.lock);
      const asked = isLocked ? requests.map((request) => ({ ...request, leaseId: null })) : requests;
      return store.reserveAll(asked);
    },
  }),
  'takes a slot where it was only to look': (store) => ({
    reserveAll: (requests) =>
      store.reserveAll(requests.map((request) => ({ ...request, leaseId: request.leaseId ?? 'x' }))),
  }),
  'answers several subjects in another order': (store) => ({
    reserveAll: (requests) => store.reserveAll(requests).toReversed(),
    settleAll: (verdicts) => store.settleAll(verdicts).toReversed(),
  }),
  'knows one policy for several subjects': (store) => ({
    reserveAll: (requests) =>
      store.reserveAll(requests.map((request) => ({ ...(requests[0] ?? request), ...pick(request) }))),
  }),
  'takes further slots for several ids given again': (store) => {
    let calls = 0;
    return {
      reserveAll: (requests) => {
        calls += 1;
        return store.reserveAll(
          requests.map((request) => ({ ...request, leaseId: request.leaseId && `${request.leaseId}/${calls}` })),
        );
      },
    };
  },
  'forgets where the failures of several subjects came from': (store) => ({
    settleAll: (verdicts) => store.settleAll(verdicts.map((verdict) => ({ ...verdict, marks: {} }))),
  }),
  'settles several as the first of them': (store) => ({
    settleAll: (verdicts) =>
      store.settleAll(verdicts.map((one) => ({ ...one, verdict: (verdicts[0] as SlotVerdict).verdict }))),
  }),
  'counts several again that it is told again': (store) => ({
    settleAll: (verdicts) => store.settleAll(verdicts.map((one) => ({ ...one, lease: { ...one.lease, until: 0 } }))),
  }),
  'counts what follows a repeated guess': (store) => ({
    settleAll: (verdicts) =>
      store.settleAll(verdicts.map((one) => ({ ...one, marks: { ...one.marks, followsGuess: false } }))),
  }),
  'lets a verdict follow only the guesses before it': (store) => ({
    settleAll: (verdicts) => {
      let isRepeat = false;
      return verdicts.map(({ subject, policy, lease, verdict, marks }) => {
        const follows = marks?.followsGuess && isRepeat;
        const reply = store.settle(subject, policy, lease, verdict, { ...marks, isRepeat: marks?.isRepeat || follows });
        isRepeat ||= reply.isRepeat;
        return reply;
      });
    },
  }),
  'reports no free slot of several where there are some': (store) => ({
    reserveAll: (requests) =>
      store.reserveAll(requests).map((reply) => (reply.outcome === 'taken' ? { ...reply, freeSlots: 0 } : reply)),
  }),
  'reports more free slots of several than there are': (store) => ({
    settleAll: (verdicts) => store.settleAll(verdicts).map((reply) => ({ ...reply, freeSlots: reply.freeSlots + 1 })),
  }),
  'answers nothing where it is asked for nothing': (store) => ({
    reserveAll: (requests) => (requests.length === 0 ? (undefined as never) : store.reserveAll(requests)),
  }),
  'grants slots of several subjects beyond the limit': (store) => ({
    reserveAll: (requests) =>
      store.reserveAll(requests).map((reply, index) => {
        const id = requests[index]?.leaseId ?? null;
        return reply.outcome === 'busy' && id !== null
          ? { outcome: 'taken', lease: { id, until: 0 }, freeSlots: 0, devicesSince: 0 }
          : reply;
      }),
  }),
};

function reserveOne(store: MemoryStore, { subject, policy, leaseId }: SlotRequest) {
  return store.reserve(subject, policy, leaseId);
}

function pick({ subject, leaseId }: SlotRequest): Pick<SlotRequest, 'subject' | 'leaseId'> {
  return { subject, leaseId };
}
