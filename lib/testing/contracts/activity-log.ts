import { deepEqual, equal } from 'node:assert/strict';
import {
  type ActivityEntry,
  type ActivityLog,
  type ActivityQuery,
  type LiftedLock,
  type NewActivity,
  NOT_ENDED,
} from '../../stores/activity-log.js';
import type { LockoutStore } from '../../stores/store.js';
import { DAY, HOUR, MINUTE, SECOND, TRICKY_TEXTS } from '../examples.js';
import type { Contract } from '../suite.js';

const LIFTED: LiftedLock = {
  key: 'username=alice',
  dimension: 'username',
  parts: { username: 'alice' },
  failures: 3,
  lockedUntil: null,
  cause: 'tier',
  tier: 0,
  limit: 3,
  reason: null,
  by: null,
  lockedBy: 'lease-1',
  firstFailureAt: 1_000,
  lastFailureAt: 2_000,
};

export function activityLogContract(contract: Contract): void {
  contract.test('is empty at first', async ({ store }) => {
    deepEqual(await find(store), []);
    equal(await log(store).read(idOf(1)), null);
  });

  contract.timed('returns acts as they were, with their time', async ({ store, now }) => {
    const acts = TRICKY_TEXTS.map((text, index) =>
      act(index, { by: text, reason: text, key: `username=${text}`, parts: { username: text } }),
    );
    for (const one of acts) await log(store).append(one, DAY);
    const found = await find(store);
    deepEqual(found, acts.map((one) => ({ ...one, at: now })).reverse());
    deepEqual(await log(store).read(idOf(1)), found.at(-2));
  });

  contract.test('keeps what is known of an act later, and nothing of an unknown one', async ({ store }) => {
    await log(store).append(act(1), DAY);
    await log(store).amend(idOf(1), { counts: { unblocked: 1 }, lifted: [LIFTED] });
    await log(store).amend(idOf(1), { undone: true });
    await log(store).amend(idOf(2), { counts: { unblocked: 1 } });
    const [found, ...others] = await find(store);
    deepEqual(others, []);
    deepEqual({ ...found, counts: { unblocked: 1 }, lifted: [LIFTED], undone: true }, found);
  });

  contract.timed('returns the newest first, page by page, even those of the same instant', async (use) => {
    const { store } = use;
    for (let number = 0; number < 7; number += 1) {
      await log(store).append(act(number), DAY);
      if (number === 4) use.wait(SECOND);
    }
    const seen: string[] = [];
    for (let pages = 0, last: ActivityEntry | undefined; pages < 7; pages += 1) {
      const page = await find(store, { limit: 2, after: last && { at: last.at, id: last.id } });
      seen.push(...page.map(({ id }) => id));
      last = page.at(-1);
      if (!last) break;
    }
    deepEqual(seen, [6, 5, 4, 3, 2, 1, 0].map(idOf));
  });

  const FILTERS: readonly { title: string; query: Partial<ActivityQuery>; found: readonly number[] }[] = [
    { title: 'an operator', query: { by: 'carol' }, found: [2, 0] },
    { title: 'an action', query: { action: 'block' }, found: [1] },
    { title: 'a subject', query: { key: 'username=bob' }, found: [2] },
    { title: 'several conditions at once', query: { by: 'carol', key: 'username=alice' }, found: [0] },
    { title: 'conditions that none fulfils', query: { by: 'carol', action: 'block' }, found: [] },
  ];
  for (const { title, query, found } of FILTERS) {
    contract.test(`finds acts by ${title}`, async ({ store }) => {
      await log(store).append(act(0), DAY);
      await log(store).append(act(1, { by: 'dave', action: 'block' }), DAY);
      await log(store).append(act(2, { key: 'username=bob', parts: { username: 'bob' } }), DAY);
      const ids = (await find(store, query)).map(({ id }) => id);
      deepEqual(ids.toSorted().reverse(), found.map(idOf));
    });
  }

  contract.timed('finds acts since a time, inclusive, and until a time, exclusive', async (use) => {
    const { store, now } = use;
    for (let number = 0; number < 3; number += 1) {
      await log(store).append(act(number), DAY);
      use.wait(MINUTE);
    }
    const ids = async (query: Partial<ActivityQuery>) => (await find(store, query)).map(({ id }) => id);
    deepEqual(await ids({ since: now + MINUTE }), [idOf(2), idOf(1)]);
    deepEqual(await ids({ until: now + MINUTE }), [idOf(0)]);
    deepEqual(await ids({ since: now, until: now + 2 * MINUTE }), [idOf(1), idOf(0)]);
  });

  contract.timed('keeps an act for its retention', async (use) => {
    const { store } = use;
    await log(store).append(act(1), HOUR);
    await log(store).append(act(2), DAY);
    use.wait(HOUR);
    deepEqual(
      (await find(store)).map(({ id }) => id),
      [idOf(2)],
    );
    equal(await log(store).read(idOf(1)), null);
  });

  contract.test('forgets whom acts concerned, and why, but not the acts', async ({ store }) => {
    await log(store).append(act(1), DAY);
    await log(store).amend(idOf(1), { counts: { unblocked: 1 }, lifted: [LIFTED] });
    await log(store).append(act(2, { key: 'username=bob', parts: { username: 'bob' } }), DAY);
    await log(store).forget('alice');
    const [bobs, alices] = await find(store);
    deepEqual([bobs?.key, bobs?.reason], ['username=bob', 'ticket 4711']);
    const { key, parts, reason, lifted, by, counts } = alices as ActivityEntry;
    deepEqual({ key, parts, reason, lifted }, { key: null, parts: {}, reason: null, lifted: null });
    deepEqual({ by, counts }, { by: 'carol', counts: { unblocked: 1 } });
    deepEqual(await find(store, { key: 'username=alice' }), []);
  });

  contract.test(
    'forgets whom a lifted lock names, though the act was on an address or on everything',
    async ({ store }) => {
      const key = 'ip=192.0.2.1&username=alice';
      const parts = { ip: '192.0.2.1', username: 'alice' };
      await log(store).append(act(1, { dimension: null, key: null, parts: { ip: '192.0.2.1' } }), DAY);
      await log(store).append(act(2, { dimension: null, key: null, parts: {} }), DAY);
      for (const number of [1, 2]) await log(store).amend(idOf(number), { lifted: [{ ...LIFTED, key, parts }] });
      await log(store).forget('alice');
      deepEqual(
        (await find(store)).map(({ lifted }) => lifted),
        [null, null],
      );
    },
  );
}

/** Ids whose order is that of the numbers. */
function idOf(number: number): string {
  return String(number).padStart(24, '0');
}

function act(number: number, changes: Partial<NewActivity> = {}): NewActivity {
  return {
    id: idOf(number),
    action: 'unblock',
    by: 'carol',
    reason: 'ticket 4711',
    dimension: 'username',
    key: 'username=alice',
    parts: { username: 'alice' },
    undoOf: null,
    ...NOT_ENDED,
    ...changes,
  };
}

async function find(store: LockoutStore, query: Partial<ActivityQuery> = {}): Promise<readonly ActivityEntry[]> {
  const all = {
    by: undefined,
    action: undefined,
    key: undefined,
    since: undefined,
    until: undefined,
    after: undefined,
  };
  return log(store).query({ ...all, limit: 100, ...query });
}

function log({ activityLog }: LockoutStore): ActivityLog {
  if (activityLog) return activityLog;
  throw new Error('the store has no `activityLog`; pass `activityLog: false` to storeContract');
}
