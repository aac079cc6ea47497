/** Faults in the attempt log. */
import type { AttemptEntry, RemovedAttempts } from '../../../lib/index.js';
import { byAppended, byEntries, byLog, byQuery, byRemoval, type Faults, FOREVER } from './kinds.js';

export const LOG_FAULTS: Faults = {
  'logs nothing': byLog(() => ({ append: () => {} })),
  'has an entry before the first': byEntries((found) => (found.length > 0 ? found : [{} as AttemptEntry])),
  'strips dollar signs from the log': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, path: entry.path?.replace('$', '') ?? null } })),
  ),
  'logs strings in place of null': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, ip: entry.ip ?? '' } })),
  ),
  'logs every entry as one attempt': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, count: 1 } })),
  ),
  'logs the time of writing, not of the attempt': byAppended((entries) =>
    entries.map((entry) => ({ ...entry, ageMs: 0 })),
  ),
  'gives all entries the same id': byEntries((found) => found.map((entry) => ({ ...entry, id: '0' }))),
  'finds the oldest first': byEntries((found) => found.toReversed()),
  'finds entries in the order of appending': byEntries((found) => found.toSorted((a, b) => (a.id < b.id ? 1 : -1))),
  'finds all outcomes': byQuery(() => ({ outcome: undefined })),
  'finds all usernames': byQuery(() => ({ username: undefined })),
  'finds all addresses': byQuery(() => ({ ip: undefined })),
  'excludes the start of a time range': byQuery(({ since }) => ({ since: since === undefined ? since : since + 1 })),
  'includes the end of a time range': byQuery(({ until }) => ({ until: until === undefined ? until : until + 1 })),
  'finds all times': byQuery(() => ({ since: undefined, until: undefined })),
  'ignores the limit of a query of the log': byQuery(() => ({ limit: 1_000 })),
  'finds the first page again and again': byQuery(() => ({ after: undefined })),
  'repeats the last entry of the previous page': byQuery(({ after }) => ({
    after: after && { at: after.at, id: `${after.id}~` },
  })),
  'skips entries of the same instant': byQuery(({ after }) => ({ after: after && { at: after.at, id: '' } })),
  'removes nothing': byLog(() => ({ remove: () => ({ removed: 0, last: null }) })),
  'does not return how much it removed': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), removed: 0 }),
  })),
  'removes all outcomes': byRemoval(() => ({ outcomes: undefined })),
  'removes the first outcome only': byRemoval(({ outcomes }) => ({ outcomes: outcomes?.slice(0, 1) })),
  'removes by all usernames': byRemoval(() => ({ username: undefined })),
  'removes by all addresses': byRemoval(() => ({ ip: undefined })),
  'ignores the age of a removal': byRemoval(() => ({ olderThanMs: undefined })),
  'removes only entries older than the given age': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs + 1,
  })),
  'removes slightly younger entries, too': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs - 1,
  })),
  'also removes entries that have not expired': byRemoval(() => ({ expiredOnly: false })),
  'cannot remove expired entries that it hides': byLog((log) => ({
    remove: (removal) => (removal.expiredOnly ? { removed: 2, last: null } : log.remove(removal)),
  })),
  'keeps none of the newest': byRemoval(() => ({ keepNewest: 0 })),
  'keeps one entry too many': byRemoval(({ keepNewest }) => ({ keepNewest: keepNewest && keepNewest + 1 })),
  'removes without a limit': byRemoval(() => ({ limit: 1_000 })),
  'reports after one batch that nothing is left': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), last: null }),
  })),
  'keeps entries for ever': byLog((log) => ({ append: (entries) => log.append(entries, FOREVER) })),
  'keeps entries from when they were written': byLog((log) => ({
    append: (entries, retentionMs) => {
      for (const entry of entries) log.append([entry], retentionMs + entry.ageMs);
    },
  })),
  'keeps entries too short a time': byLog((log) => ({
    append: (entries, retentionMs) => log.append(entries, retentionMs / 2),
  })),
};
