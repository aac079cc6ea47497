import { deepEqual, equal } from 'node:assert/strict';
import type {
  AttemptEntry,
  AttemptLog,
  AttemptPosition,
  AttemptQuery,
  NewAttemptEntry,
  PendingEntry,
} from '../stores/attempt-log.js';
import type { Contract } from './contract.js';
import { DAY, ENTRY, MINUTE, SECOND, TRICKY_TEXTS } from './examples.js';

const ALL: AttemptQuery = {
  outcome: undefined,
  username: undefined,
  ip: undefined,
  since: undefined,
  until: undefined,
  after: undefined,
  limit: 100,
};

const SPARSE: NewAttemptEntry = {
  outcome: 'logout',
  username: null,
  ip: null,
  userAgent: null,
  method: null,
  path: null,
  strategy: null,
  sessionHash: null,
  reason: null,
  dimension: null,
  tier: null,
};

export function accessLogContract(contract: Contract): void {
  contract.logTest('is empty at first', async (log) => deepEqual(await find(log), []));

  contract.logTest('gives entries back as they were, with an id of their own', async (log) => {
    const texts = TRICKY_TEXTS.map((text) => ({ ...ENTRY, username: text, userAgent: text, path: text }));
    const entries = [ENTRY, SPARSE, ...texts];
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

  contract.timedLogTest('knows when they happened', async (log, { now }) => {
    await log.append([named('a', 0), named('b', 250), named('c', MINUTE)], DAY);
    deepEqual(
      (await find(log)).map(({ at }) => at),
      [now, now - 250, now - MINUTE],
    );
  });

  contract.logTest('goes by time, newest first, whichever was appended first', async (log) => {
    await log.append([named('second', 2 * SECOND), named('newest', SECOND)], DAY);
    await log.append([named('oldest', MINUTE)], DAY);
    deepEqual(await names(log), ['newest', 'second', 'oldest']);
  });

  const FILTERS: readonly { title: string; query: Partial<AttemptQuery>; found: readonly string[] }[] = [
    { title: 'an outcome', query: { outcome: 'refused' }, found: ['b'] },
    { title: 'a username', query: { username: 'c' }, found: ['c'] },
    { title: 'an address', query: { ip: '::1' }, found: ['a', 'c'] },
    { title: 'all of them together', query: { ip: '::1', username: 'a', outcome: 'failed' }, found: ['a'] },
    { title: 'nothing that is there', query: { ip: '::1', username: 'b' }, found: [] },
  ];
  for (const { title, query, found } of FILTERS) {
    contract.logTest(`finds by ${title}`, async (log) => {
      await log.append(
        [named('a', 0, { ip: '::1' }), named('b', SECOND, { outcome: 'refused' }), named('c', MINUTE, { ip: '::1' })],
        DAY,
      );
      deepEqual(await names(log, query), found);
    });
  }

  contract.timedLogTest('finds from a time on, and before one', async (log, { now }) => {
    await log.append([named('a', 0), named('b', SECOND), named('c', MINUTE)], DAY);
    deepEqual(await names(log, { since: now - SECOND }), ['a', 'b']);
    deepEqual(await names(log, { until: now - SECOND }), ['c']);
    deepEqual(await names(log, { since: now - SECOND, until: now }), ['b']);
  });

  contract.logTest('shows each entry once, page by page, also those of the same instant', async (log) => {
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

  contract.logTest('goes on after an entry within the filter', async (log) => {
    await log.append([named('a', 0), named('b', SECOND), named('a', MINUTE), named('b', 2 * MINUTE)], DAY);
    const [first] = (await find(log, { username: 'a' })) as [AttemptEntry];
    const { at, id } = first;
    const rest = await find(log, { username: 'a', after: { at, id } });
    deepEqual(
      rest.map((entry) => at - entry.at),
      [MINUTE],
    );
  });

  contract.timedLogTest('keeps an entry as long as it was told, from when it happened', async (log, use) => {
    await log.append([named('old', MINUTE), named('new', 0)], DAY);
    await log.append([named('short', 0)], MINUTE);
    use.wait(MINUTE);
    deepEqual((await names(log)).toSorted(), ['new', 'old']);
    use.wait(DAY - 2 * MINUTE);
    deepEqual(await names(log), ['new']);
    use.wait(MINUTE);
    deepEqual(await names(log), []);
  });
}

function named(username: string, ageMs: number, changes: Partial<NewAttemptEntry> = {}): PendingEntry {
  return { entry: { ...ENTRY, username, ...changes }, ageMs };
}

async function find(log: AttemptLog, query: Partial<AttemptQuery> = {}): Promise<AttemptEntry[]> {
  return [...(await log.query({ ...ALL, ...query }))];
}

async function names(log: AttemptLog, query?: Partial<AttemptQuery>): Promise<(string | null)[]> {
  return (await find(log, query)).map(({ username }) => username);
}
