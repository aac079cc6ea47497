/** Stores that keep a bounded number of acts keep those of operators, whatever users do. */
import { expect } from 'chai';
import { type LockoutStore, MemoryStore } from '../../lib/index.js';
import { type ActivityAction, NOT_ENDED } from '../../lib/stores/activity-log.js';
import { RedisDatabase } from '../support/stores/redis-database.js';

const DAY_MS = 86_400_000;
const BATCH = 500;
/** More than are kept of all. */
const OF_USERS = 10_500;
const ABOUT = { by: null, reason: null, dimension: null, key: null, parts: {}, undoOf: null, ...NOT_ENDED } as const;

const idOf = (number: number) => number.toString(16).padStart(24, '0');

async function append({ activityLog }: LockoutStore, action: ActivityAction, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, to - first) }, (_, index) => first + index);
    await Promise.all(numbers.map((number) => activityLog?.append({ ...ABOUT, id: idOf(number), action }, DAY_MS)));
  }
}

describe('Acts of users themselves', () => {
  let database: RedisDatabase;

  before(async () => {
    database = await RedisDatabase.create();
  });
  after(() => database.drop());

  for (const [name, start] of [
    ['MemoryStore', () => new MemoryStore()],
    ['RedisStore', () => database.store()],
  ] as const) {
    it(`push no act of an operator out of ${name}, and leave the newest 5,000 of their own`, async () => {
      const store: LockoutStore = start();
      await append(store, 'unblock', 0, 1);

      await append(store, 'passwordChanged', 1, 1 + OF_USERS / 2);
      await append(store, 'redeemUnlockToken', 1 + OF_USERS / 2, 1 + OF_USERS);

      const isKept = async (number: number) => (await store.activityLog?.read(idOf(number))) !== null;
      expect(await Promise.all([0, 1, OF_USERS - 5_000, OF_USERS - 4_999, OF_USERS].map(isKept))).to.deep.equal([
        true,
        false,
        false,
        true,
        true,
      ]);
    });
  }
});
