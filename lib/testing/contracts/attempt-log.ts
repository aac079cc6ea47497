import { deepEqual, equal } from 'node:assert/strict';
import type {
  AttemptEntry,
  AttemptLog,
  AttemptPosition,
  AttemptQuery,
  AttemptRemoval,
  NewAttemptEntry,
  PendingEntry,
} from '../../stores/attempt-log.js';
import { DAY, ENTRY, HOUR, MINUTE, REMOVAL, SECOND, TRICKY_TEXTS, WHOLE_LOG } from '../examples.js';
import type { Contract } from '../suite.js';

const SPARSE: NewAttemptEntry = {
  outcome: 'logout',
  count: 1,
  username: null,
  ip: null,
  userAgent: null,
  method: null,
  path: null,
  action: null,
  sessionHash: null,
  reason: null,
  dimension: null,
  cause: null,
  tier: null,
};

export function attemptLogContract(contract: Contract): void {
  contract.logTest('is empty at first', async (log) => deepEqual(await find(log), []));

  contract.logTest('returns entries as they were, with ids of their own', async (log) => {
    const texts = TRICKY_TEXTS.map((text) => ({ ...ENTRY, username: text, userAgent: text, path: text }));
    const entries = [ENTRY, { ...ENTRY, count: 2_990 }, SPARSE, ...texts];
    await log.append(
      entries.map((entry, index) => ({ entry, ageMs: index * SECOND })),
      DAY,
    );
    const found = await find(log);
    deepEqual(
      found.map(({ id: _, at: __, ...entry }) => entry),
      entries,
    );
    equal(new Set(found.map(({ id }) => id)).size, entries.length);
  });

  contract.timedLogTest('returns the times at which they happened', async (log, { now }) => {
    await log.append([named('a', 0), named('b', 250), named('c', MINUTE)], DAY);
    deepEqual(
      (await find(log)).map(({ at }) => at),
      [now, now - 250, now - MINUTE],
    );
  });

  contract.logTest('returns the newest first, whichever was appended first', async (log) => {
    await log.append([named('second', 2 * SECOND), named('newest', SECOND)], DAY);
    await log.append([named('oldest', MINUTE)], DAY);
    deepEqual(await names(log), ['newest', 'second', 'oldest']);
  });

  const FILTERS: readonly { title: string; query: Partial<AttemptQuery>; found: readonly string[] }[] = [
    { title: 'an outcome', query: { outcome: 'refused' }, found: ['b'] },
    { title: 'a username', query: { username: 'c' }, found: ['c'] },
    { title: 'an address', query: { ip: '::1' }, found: ['a', 'c'] },
    { title: 'several conditions at once', query: { ip: '::1', username: 'a', outcome: 'failed' }, found: ['a'] },
    { title: 'conditions that none fulfils', query: { ip: '::1', username: 'b' }, found: [] },
  ];
  for (const { title, query, found } of FILTERS) {
    contract.logTest(`finds entries by ${title}`, async (log) => {
      await log.append(
        [named('a', 0, { ip: '::1' }), named('b', SECOND, { outcome: 'refused' }), named('c', MINUTE, { ip: '::1' })],
        DAY,
      );
      deepEqual(await names(log, query), found);
    });
  }

  contract.timedLogTest('finds entries since a time, inclusive, and until a time, exclusive', async (log, { now }) => {
    await log.append([named('a', 0), named('b', SECOND), named('c', MINUTE)], DAY);
    deepEqual(await names(log, { since: now - SECOND }), ['a', 'b']);
    deepEqual(await names(log, { until: now - SECOND }), ['c']);
    deepEqual(await names(log, { since: now - SECOND, until: now }), ['b']);
  });

  contract.logTest('returns each entry once, page by page, even those of the same instant', async (log) => {
    const appended = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await log.append(
      appended.map((name, index) => named(name, index < 5 ? 0 : SECOND)),
      DAY,
    );
    const seen: AttemptEntry[] = [];
    for (let pages = 0, after: AttemptPosition | undefined; pages <= appended.length; pages += 1) {
      const page = await find(log, { limit: 2, after });
      equal(page.length <= 2, true, 'the limit of a page');
      seen.push(...page);
      const last = page.at(-1);
      if (last) after = { at: last.at, id: last.id };
    }
    deepEqual(seen.map(({ username }) => username).toSorted(), appended);
    deepEqual(seen, await find(log));
  });

  contract.logTest('continues after an entry within the filter', async (log) => {
    await log.append([named('a', 0), named('b', SECOND), named('a', MINUTE), named('b', 2 * MINUTE)], DAY);
    const [first] = (await find(log, { username: 'a' })) as [AttemptEntry];
    const { at, id } = first;
    const rest = await find(log, { username: 'a', after: { at, id } });
    // About a minute older: what a server's clock showed is known for each moment by itself.
    deepEqual(
      rest.map((entry) => [entry.username, entry.at < at]),
      [['a', true]],
    );
  });

  contract.timedLogTest('keeps an entry for its retention from when it happened', async (log, use) => {
    await log.append([named('old', MINUTE), named('new', 0)], DAY);
    await log.append([named('short', 0)], MINUTE);
    use.wait(MINUTE);
    deepEqual((await names(log)).toSorted(), ['new', 'old']);
    use.wait(DAY - 2 * MINUTE);
    deepEqual(await names(log), ['new']);
    use.wait(MINUTE);
    deepEqual(await names(log), []);
  });

  removalContract(contract);
}

function removalContract(contract: Contract): void {
  const REMOVALS: readonly { title: string; removal: Partial<AttemptRemoval>; left: readonly string[] }[] = [
    { title: 'all entries', removal: {}, left: [] },
    { title: 'entries of one outcome', removal: { outcomes: ['refused'] }, left: ['a', 'b', 'd', 'a'] },
    { title: 'entries of several outcomes', removal: { outcomes: ['refused', 'logout'] }, left: ['a', 'b', 'a'] },
    { title: 'no entries of another outcome', removal: { outcomes: ['succeeded'] }, left: ['a', 'b', 'c', 'd', 'a'] },
    { title: 'entries of a username', removal: { username: 'a' }, left: ['b', 'c', 'd'] },
    { title: 'entries of an address', removal: { ip: '::1' }, left: ['a', 'b', 'c', 'a'] },
    { title: 'no entries of an unknown username', removal: { username: '$ne' }, left: ['a', 'b', 'c', 'd', 'a'] },
    { title: 'entries that are old enough', removal: { olderThanMs: 2.5 * MINUTE }, left: ['a', 'b', 'c'] },
    { title: 'no entries that have not expired', removal: { expiredOnly: true }, left: ['a', 'b', 'c', 'd', 'a'] },
    { title: 'all but the newest entries', removal: { keepNewest: 2 }, left: ['a', 'b'] },
    {
      title: 'all but the newest entries of a username',
      removal: { username: 'a', keepNewest: 1 },
      left: ['a', 'b', 'c', 'd'],
    },
    {
      title: 'all but the newest entries of an address',
      removal: { ip: ENTRY.ip as string, keepNewest: 1 },
      left: ['a', 'd'],
    },
    {
      title: 'no entries if there are no more than are kept',
      removal: { keepNewest: 5 },
      left: ['a', 'b', 'c', 'd', 'a'],
    },
  ];
  for (const { title, removal, left } of REMOVALS) {
    contract.logTest(`removes ${title}, and returns their number`, async (log) => {
      await log.append(FIVE, DAY);
      const { removed } = await log.remove({ ...REMOVAL, ...removal });
      deepEqual(await names(log), left);
      equal(removed, FIVE.length - left.length);
    });
  }

  contract.timedLogTest(
    'removes entries of exactly the given age to the millisecond, and none younger',
    async (log) => {
      await log.append([named('a', SECOND), named('b', SECOND - 1)], DAY);
      await log.remove({ ...REMOVAL, olderThanMs: SECOND });
      deepEqual(await names(log), ['b']);
    },
  );

  contract.timedLogTest('removes expired entries that are still stored', async (log, use) => {
    await log.append([named('short', 0)], MINUTE);
    await log.append([named('long', HOUR)], DAY);
    use.wait(MINUTE);
    // The store may have removed it by itself.
    const over = await names(log, { expiredOnly: true });
    deepEqual(over, over.length === 0 ? [] : ['short']);
    equal((await log.remove({ ...REMOVAL, expiredOnly: true })).removed <= 1, true);
    deepEqual(await names(log), ['long']);
    equal((await log.remove(REMOVAL)).removed, 1);
  });

  contract.logTest('removes everything batch by batch, even entries of the same instant', async (log) => {
    const entries = Array.from({ length: 7 }, (_, index) => named(`${index}`, index < 4 ? SECOND : 0));
    await log.append(entries, DAY);
    let count = 0;
    for (let calls = 0, after: AttemptPosition | undefined; calls <= entries.length; calls += 1) {
      const { removed, last } = await log.remove({ ...REMOVAL, limit: 3, after });
      equal(removed <= 3, true, 'the limit of a batch');
      count += removed;
      if (last === null) break;
      after = last;
    }
    equal(count, entries.length);
    deepEqual(await names(log), []);
  });
}

const FIVE: readonly PendingEntry[] = [
  named('a', 0),
  named('b', MINUTE),
  named('c', 2 * MINUTE, { outcome: 'refused' }),
  named('d', 3 * MINUTE, { outcome: 'logout', ip: '::1' }),
  named('a', 4 * MINUTE),
];

function named(username: string, ageMs: number, changes: Partial<NewAttemptEntry> = {}): PendingEntry {
  return { entry: { ...ENTRY, username, ...changes }, ageMs };
}

async function find(log: AttemptLog, query: Partial<AttemptQuery> = {}): Promise<AttemptEntry[]> {
  return [...(await log.query({ ...WHOLE_LOG, ...query }))];
}

async function names(log: AttemptLog, query?: Partial<AttemptQuery>): Promise<(string | null)[]> {
  return (await find(log, query)).map(({ username }) => username);
}
