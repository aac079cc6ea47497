/** Faults in the attempt log. */
import type { AttemptEntry, RemovedAttempts } from '../../../lib/index.js';
import { byAppended, byEntries, byLog, byQuery, byRemoval, type Faults, FOREVER } from './kinds.js';

export const LOG_FAULTS: Faults = {
  'logs nothing': byLog(() => ({ append: () => {} })),
  'has an entry before the first': byEntries((found) => (found.length > 0 ? found : [{} as AttemptEntry])),
  'logs without what it takes for an operator': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, path: entry.path?.replace('$', '') ?? null } })),
  ),
  'logs texts where there were none': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, ip: entry.ip ?? '' } })),
  ),
  'logs every entry as one attempt': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, count: 1 } })),
  ),
  'logs when it was told, not when it happened': byAppended((entries) =>
    entries.map((entry) => ({ ...entry, ageMs: 0 })),
  ),
  'gives all entries one id': byEntries((found) => found.map((entry) => ({ ...entry, id: '0' }))),
  'finds the oldest first': byEntries((found) => found.toReversed()),
  'finds in the order of appending': byEntries((found) => found.toSorted((a, b) => (a.id < b.id ? 1 : -1))),
  'finds all outcomes': byQuery(() => ({ outcome: undefined })),
  'finds all usernames': byQuery(() => ({ username: undefined })),
  'finds all addresses': byQuery(() => ({ ip: undefined })),
  'finds only after a time': byQuery(({ since }) => ({ since: since === undefined ? since : since + 1 })),
  'finds up to a time': byQuery(({ until }) => ({ until: until === undefined ? until : until + 1 })),
  'finds all times': byQuery(() => ({ since: undefined, until: undefined })),
  'finds as much as there is': byQuery(() => ({ limit: 1_000 })),
  'finds the first page again and again': byQuery(() => ({ after: undefined })),
  'finds the last of the page before once more': byQuery(({ after }) => ({
    after: after && { at: after.at, id: `${after.id}~` },
  })),
  'skips entries of the same instant': byQuery(({ after }) => ({ after: after && { at: after.at, id: '' } })),
  'removes nothing': byLog(() => ({ remove: () => ({ removed: 0, last: null }) })),
  'does not tell how much it removed': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), removed: 0 }),
  })),
  'removes all outcomes': byRemoval(() => ({ outcomes: undefined })),
  'removes the first outcome only': byRemoval(({ outcomes }) => ({ outcomes: outcomes?.slice(0, 1) })),
  'removes by all usernames': byRemoval(() => ({ username: undefined })),
  'removes by all addresses': byRemoval(() => ({ ip: undefined })),
  'removes the young': byRemoval(() => ({ olderThanMs: undefined })),
  'removes only what is older': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs + 1,
  })),
  'removes what is a little younger': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs - 1,
  })),
  'removes also what has not expired': byRemoval(() => ({ expiredOnly: false })),
  'cannot remove what is not shown': byLog((log) => ({
    remove: (removal) => (removal.expiredOnly ? { removed: 2, last: null } : log.remove(removal)),
  })),
  'keeps none of the newest': byRemoval(() => ({ keepNewest: 0 })),
  'keeps one too many': byRemoval(({ keepNewest }) => ({ keepNewest: keepNewest && keepNewest + 1 })),
  'removes without a limit': byRemoval(() => ({ limit: 1_000 })),
  'says after one batch that nothing is left': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), last: null }),
  })),
  'keeps entries for ever': byLog((log) => ({ append: (entries) => log.append(entries, FOREVER) })),
  'keeps entries from when it was told': byLog((log) => ({
    append: (entries, retentionMs) => {
      for (const entry of entries) log.append([entry], retentionMs + entry.ageMs);
    },
  })),
  'keeps entries too short a time': byLog((log) => ({
    append: (entries, retentionMs) => log.append(entries, retentionMs / 2),
  })),
};
