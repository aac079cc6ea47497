/** What a list costs on MongoDB, page by page. */
import { expect } from 'chai';
import type { StoreQuery } from '../../../lib/index.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { username } from '../examples.js';

const HOUR = 3_600_000;
type Range = Readonly<Record<'$gt' | '$lte', Date>>;
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
    expect([second.names, second.commands.length]).to.deep.equal([['b', 'c', 'd'], 1]);
    const third = await pageOf({ ...BY_END, cursor: second.cursor });
    expect([third.names, third.cursor]).to.deep.equal([['e', 'f', 'g'], null]);

    const [{ command }] = second.commands as [(typeof second.commands)[number]];
    expect(command['filter']).to.deep.include({
      _id: { $gt: 'username=a' },
      lockedUntil: new Date(253_402_300_799_999),
    });
    // Nothing ends later than those until reset.
    expect(third.commands.map(({ command: { limit } }) => limit)).to.deep.equal([4]);
  });

  it('by end of lock reads what ends soon first, and each further lock once', async () => {
    const page = await pageOf({ ...BY_END, limit: 4 });
    expect(page.names).to.deep.equal(['x', 'y', 'a', 'b']);
    expect(page.commands.map(({ command: { limit } }) => limit)).to.deep.equal([5, 5, 3, 3]);
    const soonest = await pageOf({ ...BY_END, limit: 1 });
    expect(soonest.commands.map(({ command: { limit } }) => limit)).to.deep.equal([2, 2]);
    const ends = page.commands.map(({ command }) => (command['filter'] as { lockedUntil: Range }).lockedUntil);
    expect(ends.slice(1).map(({ $gt }) => $gt)).to.deep.equal(ends.slice(0, -1).map(({ $lte }) => $lte));
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
