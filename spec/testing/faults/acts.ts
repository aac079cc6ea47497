/** Faults in the counts of the attempt log, in the record of what operators do, and in taking it back. */
import type { ActivityEntry, ActivityLog, ActivityQuery, MinuteCounts, Restoration } from '../../../lib/index.js';
import { byAppended, byLog, type Fault, type Faults } from './kinds.js';

const HOUR = 3_600_000;

const byCounts = (change: (counts: readonly MinuteCounts[]) => readonly MinuteCounts[]): Fault =>
  byLog((log) => ({ counts: (query) => change((log.counts?.(query) as readonly MinuteCounts[] | undefined) ?? []) }));

const byActivity = (change: (log: ActivityLog) => Partial<ActivityLog>): Fault => {
  return ({ activityLog }) => ({
    activityLog: {
      append: (...args) => activityLog.append(...args),
      amend: (...args) => activityLog.amend(...args),
      read: (id) => activityLog.read(id),
      query: (query) => activityLog.query(query),
      forget: (username) => activityLog.forget(username),
      ...change(activityLog),
    },
  });
};

const byActivityQuery = (change: (query: ActivityQuery) => Partial<ActivityQuery>): Fault =>
  byActivity((log) => ({ query: (query) => log.query({ ...query, ...change(query) }) }));

const byRestoration = (change: (lifted: Restoration) => Partial<Restoration>): Fault => {
  return (store) => ({ restore: (subject, lifted) => store.restore(subject, { ...lifted, ...change(lifted) }) });
};

export const ACTS_FAULTS: Faults = {
  'counts nothing': byCounts(() => []),
  'counts what nobody did': byCounts((counts) =>
    counts.length > 0 ? counts : [{ at: 0, failed: 1, refused: 0, succeeded: 0, locks: 0 }],
  ),
  'counts entries, not attempts': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, count: 1 } })),
  ),
  'counts no locks': byCounts((counts) => counts.map((minute) => ({ ...minute, locks: 0 }))),
  'counts the first minute of a time range too late': byLog((log) => ({
    counts: ({ since, until }) => log.counts?.({ since: since + 1, until }) ?? [],
  })),
  'forgets counts with the entries': byLog((log) => {
    let isRemoved = false;
    return {
      remove: (removal) => {
        isRemoved = true;
        return log.remove(removal);
      },
      counts: (query) => (isRemoved ? [] : (log.counts?.(query) ?? [])),
    };
  }),

  'records no act': byActivity(() => ({ append: () => {} })),
  'shows an act before the first': byActivity((log) => ({
    query: (query) => {
      const found = log.query(query) as readonly ActivityEntry[];
      return found.length > 0 ? found : [{} as ActivityEntry];
    },
  })),
  'never learns how an act ended': byActivity(() => ({ amend: () => {} })),
  'shows the acts of all operators': byActivityQuery(() => ({ by: undefined })),
  'shows acts of all kinds': byActivityQuery(() => ({ action: undefined })),
  'shows acts on all subjects': byActivityQuery(() => ({ key: undefined })),
  'shows acts of all times': byActivityQuery(() => ({ since: undefined, until: undefined })),
  'shows the first page of acts again and again': byActivityQuery(() => ({ after: undefined })),
  'shows the oldest acts first': byActivity((log) => ({
    query: (query) => (log.query(query) as readonly ActivityEntry[]).toReversed(),
  })),
  'keeps acts forever': byActivity((log) => ({ append: (act) => log.append(act, Number.MAX_SAFE_INTEGER) })),
  'forgets nobody': byActivity(() => ({ forget: () => {} })),
  'forgets acts with their subjects': byActivity((log) => ({
    forget: () => {
      Object.assign(log, { query: () => [] });
    },
  })),

  'restores nothing': () => ({ restore: () => null }),
  'does not say what it restored': (store) => ({
    restore: (...args) => {
      store.restore(...args);
      return null;
    },
  }),
  'restores over another lock': (store) => ({
    restore: (subject, lifted) => {
      store.reset(subject.key);
      return store.restore(subject, lifted);
    },
  }),
  'restores what would be over': (store, clock = Date.now) => ({
    restore: (subject, lifted) =>
      store.restore(subject, { ...lifted, lockedUntil: Math.max(lifted.lockedUntil, clock() + HOUR) }),
  }),
  'restores without failures': byRestoration(() => ({ failures: 0 })),
  'restores in place of what failed since': (store) => ({
    restore: (subject, lifted) => {
      if (!store.read(subject.key)?.lock) store.reset(subject.key);
      return store.restore(subject, lifted);
    },
  }),
  'restores and never forgets': byRestoration(() => ({ forgetAt: Number.POSITIVE_INFINITY })),
  'restores without reason and name': byRestoration(() => ({ reason: null, by: null })),
};
