/** Faults in verdicts, and when failures are forgotten. */
import { byPolicy, type Faults, FOREVER, YEAR } from './kinds.js';

export const VERDICTS_FAULTS: Faults = {
  'always forgives': byPolicy(() => ({ resetOnSuccess: true })),
  'never forgives': byPolicy(() => ({ resetOnSuccess: false })),
  'forgets from the first failure': byPolicy(() => ({ forgetFrom: 'first' })),
  'forgets from the last failure': byPolicy(() => ({ forgetFrom: 'last' })),
  'has no hard stop': byPolicy(() => ({ hardStop: null })),
  'has a hard stop that comes too late': byPolicy(({ hardStop }) => ({
    hardStop: hardStop && { ...hardStop, failures: hardStop.failures + 1 },
  })),
  'never forgets the failures of the hard stop': byPolicy(({ hardStop }) => ({
    hardStop: hardStop && { ...hardStop, forgetAfterMs: FOREVER },
  })),
  'forgets the failures of the hard stop with all others': byPolicy(({ hardStop, forgetAfterMs }) => ({
    hardStop: hardStop && { ...hardStop, forgetAfterMs },
  })),
  'keeps what a longer lock was remembered for': (store) => ({
    block: (subject, block) => store.block(subject, { ...block, forgetAfterMs: FOREVER }),
  }),
  'never forgets': byPolicy(() => ({ forgetAfterMs: FOREVER })),
  'forgets too soon': byPolicy(({ forgetAfterMs }) => ({ forgetAfterMs: Math.min(forgetAfterMs, YEAR) - 1 })),
  'lifts a lock with a success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      if (verdict === 'success') store.reset(subject.key);
      return store.settle(subject, policy, lease, verdict, marks);
    },
  }),
  'takes every verdict for a failure': (store) => ({
    settle: (subject, policy, lease, _, marks) => store.settle(subject, policy, lease, 'failure', marks),
  }),
  'takes a release for a success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, lease, verdict === 'release' ? 'success' : verdict, marks),
  }),
  'counts a verdict as often as it is told': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      const reply = store.settle(subject, policy, lease, verdict, marks);
      return verdict === 'failure' ? store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks) : reply;
    },
  }),
  'counts a verdict told again': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks),
  }),
  'does not count what comes late': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: FOREVER }, verdict, marks),
  }),
  'never says that a verdict came late': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), isLate: false, isRepeat: false, isSpray: false }),
  }),
  'says of every verdict that it came late': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), isLate: true }),
  }),
  'takes back with a late success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      const isRight = verdict === 'success';
      const reply = store.settle(subject, policy, isRight ? { ...lease, until: FOREVER } : lease, verdict, marks);
      return isRight ? { ...reply, isLate: lease.until <= store.clock() } : reply;
    },
  }),
  'never says who reached a tier': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), didLock: false }),
  }),
  'tells everybody under a lock that he reached the tier': (store) => ({
    settle: (...args) => {
      const reply = store.settle(...args);
      return { ...reply, didLock: reply.lock?.cause === 'tier' };
    },
  }),
  'tells only the first time who reached the tier': (store) => {
    const told = new Set<string>();
    return {
      settle: (subject, policy, lease, verdict, marks) => {
        const reply = store.settle(subject, policy, lease, verdict, marks);
        const isFirst = !told.has(lease.id);
        told.add(lease.id);
        return isFirst ? reply : { ...reply, didLock: false };
      },
    };
  },
};
