import { deepEqual } from 'node:assert/strict';
import type { AttemptLog, MinuteCounts, NewAttemptEntry, PendingEntry } from '../../stores/attempt-log.js';
import { DAY, ENTRY, HOUR, MINUTE, REMOVAL, SECOND } from '../examples.js';
import type { Contract } from '../suite.js';

const FAILED = { dimension: null, cause: null, tier: null } as const;

export function attemptCountsContract(contract: Contract): void {
  contract.timedLogTest('are empty at first', async (log, { now }) => {
    deepEqual(await counts(log, now - DAY, now + MINUTE), []);
  });

  contract.timedLogTest(
    'count attempts by the minute and the outcome, and failures that set a lock',
    async (log, use) => {
      use.wait(MINUTE - (use.now % MINUTE));
      await log.append(
        [entry(FAILED), entry(), entry({ outcome: 'refused' }), entry({ outcome: 'succeeded', ...FAILED })],
        DAY,
      );
      await log.append([entry({ outcome: 'refused', count: 2_990 }), entry({ outcome: 'logout', ...FAILED })], DAY);
      const first = use.now;
      use.wait(MINUTE);
      await log.append([entry(FAILED)], DAY);
      deepEqual(await counts(log, first, use.now + MINUTE), [
        { at: first, failed: 2, refused: 2_991, succeeded: 1, locks: 1 },
        { at: first + MINUTE, failed: 1, refused: 0, succeeded: 0, locks: 0 },
      ]);
    },
  );

  contract.timedLogTest('go by when the attempts happened, over the hours', async (log, use) => {
    use.wait(HOUR - (use.now % HOUR));
    await log.append([entry(FAILED, SECOND), entry(FAILED, 30 * HOUR), entry(FAILED), entry(FAILED, HOUR)], DAY);
    const found = await counts(log, use.now - 2 * DAY, use.now + MINUTE);
    deepEqual(
      found.map(({ at, failed }) => [use.now - at, failed]),
      [
        [30 * HOUR, 1],
        [HOUR, 1],
        [MINUTE, 1],
        [0, 1],
      ],
    );
  });

  contract.timedLogTest(
    'are of minutes that begin since a time, inclusive, until a time, exclusive',
    async (log, use) => {
      use.wait(MINUTE - (use.now % MINUTE));
      const { now } = use;
      await log.append(
        [entry(FAILED), entry(FAILED, MINUTE), entry(FAILED, 2 * MINUTE), entry(FAILED, 3 * MINUTE)],
        DAY,
      );
      const found = await counts(log, now - 2 * MINUTE, now);
      deepEqual(
        found.map(({ at }) => at),
        [now - 2 * MINUTE, now - MINUTE],
      );
    },
  );

  contract.timedLogTest('remain when entries are removed and when they expire, for 8 days', async (log, use) => {
    const since = use.now - MINUTE;
    await log.append([entry(FAILED)], MINUTE);
    await log.remove(REMOVAL);
    use.wait(7 * DAY);
    const found = await counts(log, since, use.now);
    deepEqual(
      found.map(({ failed }) => failed),
      [1],
    );
  });

  contract.timedLogTest('add up what is written at the same moment', async (log, use) => {
    await Promise.all(Array.from({ length: 10 }, () => log.append([entry(FAILED), entry(FAILED)], DAY)));
    const found = await counts(log, use.now - MINUTE, use.now + MINUTE);
    deepEqual(
      found.map(({ failed }) => failed),
      [20],
    );
  });
}

function entry(changes: Partial<NewAttemptEntry> = {}, ageMs = 0): PendingEntry {
  return { entry: { ...ENTRY, ...changes }, ageMs };
}

async function counts(log: AttemptLog, since: number, until: number): Promise<readonly MinuteCounts[]> {
  if (!log.counts) throw new Error('the log has no `counts`; pass `attemptCounts: false` to storeContract');
  return log.counts({ since, until });
}
