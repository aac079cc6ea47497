/** Stores that are wrong about known devices: about the row alone of a name, or about revoked tokens. */
import type { Subject } from '../../../lib/index.js';
import { byMarks, byPolicy, byRecord, bySettleReply, type Fault, type Faults } from './kinds.js';
import type { Alteration } from './sources.js';

const HOUR = 3_600_000;

/** The store with the policy changed by which it gives slots to an attempt on a known device. */
const bySlots = (change: Parameters<typeof byPolicy>[0]): Fault => {
  return (store) => ({
    reserve: (subject, rules, id) => store.reserve(subject, rules.rowOnly ? { ...rules, ...change(rules) } : rules, id),
  });
};

/** Remembers since when tokens are worth something, whatever happens to the record. */
const knowing = (make: (store: Parameters<Fault>[0], since: Map<string, number>) => ReturnType<Fault>): Fault => {
  return (store) => {
    const since = new Map<string, number>();
    return {
      revokeDevices: (subject, revocation) => {
        const at = store.revokeDevices(subject, revocation);
        since.set(subject.key, at);
        return at;
      },
      ...make(store, since),
    };
  };
};

export const DEVICE_FAULTS: Faults = {
  'counts in full what is to count in the row alone': byPolicy(() => ({ rowOnly: false })),
  'counts everything in the row alone': byPolicy(() => ({ rowOnly: true })),
  'refuses the row alone under the lock of a tier': (store) => ({
    reserve: (subject, rules, id) => {
      const lock = store.read(subject.key)?.lock;
      return store.reserve(subject, { ...rules, rowOnly: Boolean(rules.rowOnly) && lock?.cause !== 'tier' }, id);
    },
  }),
  'does not refuse the row alone under the lock of an operator': (store) => ({
    reserve: (subject, rules, id) => {
      const reply = store.reserve(subject, rules, id);
      const passes = rules.rowOnly && reply.outcome === 'locked' && reply.lock.cause === 'operator';
      return passes ? { outcome: 'free' } : reply;
    },
  }),
  'does not refuse the row alone at the hard stop': (store) => ({
    reserve: (subject, rules, id) => {
      const reply = store.reserve(subject, rules, id);
      const passes = rules.rowOnly && reply.outcome === 'locked' && reply.lock.cause === 'hardStop';
      return passes ? { outcome: 'free' } : reply;
    },
  }),
  'gives the row alone the slots of the ladder': (store) => ({
    reserve: (subject, rules, id) => {
      const isLocked = Boolean(store.read(subject.key)?.lock);
      return store.reserve(subject, { ...rules, rowOnly: Boolean(rules.rowOnly) && isLocked }, id);
    },
  }),
  'gives the row alone any number of slots': bySlots(() => ({ hardStop: null })),
  'gives the row alone five slots at most': bySlots(() => ({ hardStop: { failures: 5, forgetAfterMs: HOUR } })),
  'shows the lock of a tier to the row alone': bySettleReply(({ lock }, [{ key }], store) => ({
    lock: lock ?? store.read(key)?.lock ?? null,
  })),
  'takes failures back where a success ends the row alone': (store) => ({
    settle: (subject, rules, lease, verdict, marks) =>
      store.settle(subject, verdict === 'success' ? { ...rules, rowOnly: false } : rules, lease, verdict, marks),
  }),
  'forgives everything where a success ends the row alone': (store) => ({
    settle: (subject, rules, lease, verdict, marks) => {
      const isAll = rules.rowOnly && verdict === 'success' && rules.resetOnSuccess === 'all';
      if (isAll) store.reset(subject.key);
      return store.settle(subject, rules, lease, verdict, marks);
    },
  }),
  'ends no row with a success that ends the row alone': (store) => ({
    settle: (subject, rules, lease, verdict, marks) =>
      store.settle(subject, rules, lease, rules.rowOnly && verdict === 'success' ? 'release' : verdict, marks),
  }),
  'counts repeats in the row alone': byMarks(({ source, ...marks }, { rowOnly }) =>
    rowOnly ? { source } : { source, ...marks },
  ),
  'counts repeats in the row alone under the lock of a tier': (store) => ({
    settle: (subject, rules, lease, verdict, marks) => {
      const isCounted = rules.rowOnly && store.read(subject.key)?.lock?.cause === 'tier';
      return store.settle(subject, rules, lease, verdict, isCounted ? { source: marks?.source } : marks);
    },
  }),
  'remembers the guesses of the row alone': (store) => {
    const guesses = new Set<string>();
    return {
      settle: (subject, rules, lease, verdict, marks = {}) => {
        const isRepeat = marks.isRepeat || (marks.guess !== undefined && guesses.has(subject.key + marks.guess));
        if (rules.rowOnly && marks.guess !== undefined) guesses.add(subject.key + marks.guess);
        return store.settle(subject, rules, lease, verdict, { ...marks, isRepeat });
      },
    };
  },
  'reports a spray of the row alone': bySettleReply(({ isSpray }, [, { rowOnly, sprayNames }]) => ({
    isSpray: isSpray || Boolean(rowOnly && sprayNames === 1),
  })),
  'never says that the row alone has locked': bySettleReply(({ didLock }, [, { rowOnly }]) => ({
    didLock: didLock && !rowOnly,
  })),

  'revokes nothing': () => ({ revokeDevices: () => 0 }),
  'returns with no slot what was revoked': (store) => ({
    reserve: (...asked) => {
      const reply = store.reserve(...asked);
      return reply.outcome === 'taken' ? { ...reply, devicesSince: 0 } : reply;
    },
  }),
  'returns to nobody who only looks what was revoked': (store) => ({
    reserve: (...asked) => {
      const reply = store.reserve(...asked);
      return reply.outcome === 'free' ? { outcome: 'free' } : reply;
    },
  }),
  'shows nothing of what was revoked': byRecord(() => ({ devicesSince: 0 })),
  'revokes the devices of everybody': (store) => {
    const subjects = new Set<Subject>();
    return {
      reserve: (subject, ...rest) => {
        subjects.add(subject);
        return store.reserve(subject, ...rest);
      },
      revokeDevices: (subject, revocation) => {
        for (const other of subjects) store.revokeDevices(other, revocation);
        return store.revokeDevices(subject, revocation);
      },
    };
  },
  'resets with a revocation': (store) => ({
    revokeDevices: (subject, revocation) => {
      store.reset(subject.key);
      return store.revokeDevices(subject, revocation);
    },
  }),
  'lists what is only revoked': knowing((store, since) => ({
    list: (query) => {
      const { records: listed, cursor } = store.list(query);
      const revoked = [...since.keys()].map((key) => store.read(key)).filter((record) => record !== null);
      const others = revoked.filter(({ key }) => listed.every((record) => record.key !== key));
      return { records: [...listed, ...others], cursor };
    },
  })),
  'forgets what was revoked with a reset': (store) => ({
    reset: (key) => {
      const before = store.reset(key);
      store.erase(key);
      return before;
    },
  }),
  'forgets what was revoked when a lock is lifted': (store) => ({
    resetLockedBy: (key, lockedBy) => {
      const before = store.resetLockedBy(key, lockedBy);
      if (before) store.erase(key);
      return before;
    },
  }),
  'cleans up what was revoked': (store) => ({
    cleanup: (key) => store.cleanup(key) || (store.read(key)?.failures === 0 && store.erase(key) !== null),
  }),
  'shows under a lock what was revoked until long ago': knowing((store, since) => ({
    read: (key) => {
      const record = store.read(key);
      return record?.lock ? { ...record, devicesSince: since.get(key) ?? 0 } : record;
    },
  })),
  'erases nothing that was revoked': knowing((store, since) => ({
    erase: (key) => {
      const before = store.erase(key);
      const subject = before && { ...before, storedParts: before.parts };
      if (subject && since.has(key)) store.revokeDevices(subject, { forMs: HOUR });
      return before;
    },
  })),
};

export const DEVICE_STATE_FAULTS: Readonly<Record<string, Alteration>> = {
  'keeps the lock of a tier at the hard stop': (state, before, now) =>
    state.cause === 'hardStop' && before.cause === 'tier' && before.lockedUntil > now
      ? { cause: before.cause, tier: before.tier, limit: before.limit, lockedUntil: before.lockedUntil }
      : {},
  'revokes a millisecond too little': ({ revocation }, before) =>
    revocation && revocation.before !== before.revocation?.before
      ? { revocation: { ...revocation, before: revocation.before - 1 } }
      : {},
  'revokes a millisecond too much': ({ revocation }, before) =>
    revocation && revocation.before !== before.revocation?.before
      ? { revocation: { ...revocation, before: revocation.before + 1 } }
      : {},
  'revokes only once': ({ revocation }, before) => ({ revocation: before.revocation ?? revocation }),
  'knows a millisecond too long what was revoked': ({ revocation }, _, now) =>
    revocation?.before === now + 1 ? { revocation: { ...revocation, until: revocation.until + 1 } } : {},
  'forgets a millisecond too early what was revoked': ({ revocation }, _, now) =>
    revocation?.before === now + 1 ? { revocation: { ...revocation, until: revocation.until - 1 } } : {},
  'forgets sooner what was revoked because of a shorter revocation': ({ revocation }, before, now) =>
    revocation && before.revocation && revocation.before !== before.revocation.before
      ? { revocation: { ...revocation, until: now + HOUR } }
      : {},
  'forgets what was revoked with the failures': ({ failures }, before) =>
    failures === 0 && before.failures > 0 ? { revocation: null } : {},
  'forgets what was revoked with a failure': ({ failures }, before) =>
    failures > before.failures ? { revocation: null } : {},
  'forgets what was revoked with a block': ({ cause }) => (cause === 'operator' ? { revocation: null } : {}),
};
