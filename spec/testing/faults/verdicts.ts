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
  'keeps the expiry of a longer lock': (store) => ({
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
  'treats every verdict as a failure': (store) => ({
    settle: (subject, policy, lease, _, marks) => store.settle(subject, policy, lease, 'failure', marks),
  }),
  'treats a release as a success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, lease, verdict === 'release' ? 'success' : verdict, marks),
  }),
  'counts a verdict as often as it is passed': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      const reply = store.settle(subject, policy, lease, verdict, marks);
      return verdict === 'failure' ? store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks) : reply;
    },
  }),
  'counts a repeated verdict': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks),
  }),
  'does not count late failures': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: FOREVER }, verdict, marks),
  }),
  'never reports a late verdict': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), isLate: false }),
  }),
  'reports every verdict as late': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), isLate: true }),
  }),
  'takes back on a late success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      const isRight = verdict === 'success';
      const reply = store.settle(subject, policy, isRight ? { ...lease, until: FOREVER } : lease, verdict, marks);
      return isRight ? { ...reply, isLate: lease.until <= store.clock() } : reply;
    },
  }),
  'never reports the tier that was reached': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), didLock: false }),
  }),
  'reports the tier to every attempt under a lock': (store) => ({
    settle: (...args) => {
      const reply = store.settle(...args);
      return { ...reply, didLock: reply.lock?.cause === 'tier' };
    },
  }),
  'reports the tier only to the first call': (store) => {
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
