/** What a list costs on MongoDB, page by page. */
import { expect } from 'chai';
import type { StoreQuery } from '../../../lib/index.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { username } from '../examples.js';

const HOUR = 3_600_000;
const FOREVER = Number.POSITIVE_INFINITY;
const BY_END = { dimension: undefined, lockedOnly: true, order: 'lockedUntil', cursor: null, limit: 3 } as const;
/** Until reset. */
const ENDLESS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describeMongo('A list of MongoStore', () => {
  let database: MongoDatabase;
  let commands: CommandLog;
  let store: MongoStore;

  before(async () => {
    database = await MongoDatabase.create();
    commands = new CommandLog(database.connection);
    store = database.store();
    for (const name of ['x', 'y']) await block(name, HOUR / 2);
    for (const name of ENDLESS) await block(name, FOREVER);
    await store.inspect();
  });
  after(async () => {
    await store.close();
    await database.drop();
  });

  async function block(name: string, forMs: number): Promise<void> {
    await store.block(username(name), { forMs, forgetAfterMs: HOUR, reason: null, by: null });
  }

  async function pageOf(query: StoreQuery) {
    commands.take();
    const { records, cursor } = await store.list(query);
    const names = records.map(({ parts }) => parts['username']);
    return { names, cursor, commands: commands.sent.splice(0) };
  }

  it('is by key unless an order is requested, and takes one command for each page', async () => {
    const names: unknown[] = [];
    for (let cursor: string | null = null, pages = 0; pages < 3; pages += 1) {
      const page = await pageOf({ dimension: undefined, lockedOnly: false, cursor, limit: 3 });
      expect(page.commands.map(({ name }) => name)).to.deep.equal(['find']);
      names.push(...page.names);
      cursor = page.cursor;
    }
    expect(names).to.deep.equal([...ENDLESS, 'x', 'y']);
  });

  it('by end of lock reads no record of an earlier page again, not even among locks until reset', async () => {
    const first = await pageOf(BY_END);
    expect(first.names).to.deep.equal(['x', 'y', 'a']);
    const second = await pageOf({ ...BY_END, cursor: first.cursor });
    expect([second.names, second.commands.length]).to.deep.equal([['b', 'c', 'd'], 2]);
    const third = await pageOf({ ...BY_END, cursor: second.cursor });
    expect([third.names, third.cursor]).to.deep.equal([['e', 'f', 'g'], null]);

    const [{ command }] = second.commands as [(typeof second.commands)[number]];
    expect(command['filter']).to.deep.include({
      _id: { $gt: 'username=a' },
      lockedUntil: new Date(253_402_300_799_999),
    });
    // Nothing ends later than those until reset.
    expect(third.commands.length).to.equal(2);
  });

  describe('of more locks than are sorted at once', () => {
    const MANY = 1_500;
    const STEP_MS = 1_000;
    const LAST_DATE = 8.64e15;

    before(async () => {
      await block('model', HOUR);
      const lockouts = database.connection.collection<{ _id: string }>('lockouts');
      const model = await lockouts.findOne({ _id: 'username=model' });
      // Two end together each time, and the last third is until reset; in no order that a page has.
      const end = (index: number) =>
        index % 3 === 2 ? new Date(253_402_300_799_999) : new Date(Date.UTC(2100, 0, 1) + (index >> 1) * STEP_MS);
      const documents = Array.from({ length: MANY }, (_, index) => {
        const name = `many ${String((index * 7_919) % MANY).padStart(4, '0')}`;
        return { ...model, _id: `tenant=${name}`, dimension: 'tenant', lockedUntil: end((index * 31) % MANY) };
      });
      await lockouts.insertMany(documents);
    });

    for (const order of ['lockedUntil', 'key'] as const) {
      it(`by ${order} has each of them once, in order`, async () => {
        const found: [number, string][] = [];
        let cursor: string | null = null;
        do {
          const page = await store.list({ ...BY_END, order, dimension: 'tenant', cursor, limit: 400 });
          found.push(
            ...page.records.map(({ key, lock }): [number, string] => [
              Math.min(lock?.lockedUntil ?? 0, LAST_DATE),
              key,
            ]),
          );
          cursor = page.cursor;
        } while (cursor !== null);
        const place = ([end, key]: [number, string]) =>
          order === 'key' ? key : `${String(end).padStart(20, '0')} ${key}`;
        expect(found).to.have.length(MANY);
        const places = found.map(place);
        expect(places).to.deep.equal([...new Set(places)].sort());
      });
    }

    it('sorts only what may be on the page', async () => {
      const page = await pageOf({ ...BY_END, dimension: 'tenant', limit: 5 });
      const sorted = page.commands.filter(({ command: { sort } }) => sort !== undefined);
      const [{ command }] = sorted as [(typeof sorted)[number]];
      expect(command['filter'])
        .to.have.nested.property('lockedUntil.$lt')
        .that.is.below(new Date(Date.UTC(2100, 0, 2)));
    });
  });

  it('of a cursor that is not its own reads nothing', async () => {
    for (const cursor of ['0', 'key:a', 'lockedUntil:Infinity:a', 'lockedUntil:9000000000000000:a']) {
      commands.take();
      const error: unknown = await store.list({ ...BY_END, cursor }).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
      expect(commands.take()).to.deep.equal([]);
    }
  });
});
