/** The log is asked for growing spans of time; no entry may fall between them. */
import { expect } from 'chai';
import type { AttemptEntry, AttemptLog, AttemptQuery } from '../../../lib/index.js';
import { pending, queryWith } from '../../support/fixtures/attempt-entries.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AGES_MS = [
  0,
  SECOND_MS - 1,
  SECOND_MS,
  MINUTE_MS - 1,
  MINUTE_MS,
  MINUTE_MS + 1,
  60 * MINUTE_MS,
  5 * 60 * MINUTE_MS,
  9 * DAY_MS,
  300 * DAY_MS,
];

describeMongo('The newest entries of MongoAttemptLog', () => {
  let database: MongoDatabase;
  let clock: ManualClock;
  let log: AttemptLog;

  before(async () => {
    database = await MongoDatabase.create();
    clock = new ManualClock();
    log = database.store({ clock: clock.read }).attemptLog as AttemptLog;
    await log.append(
      AGES_MS.map((ageMs) => pending({}, ageMs)),
      3_650 * DAY_MS,
    );
  });
  after(() => database.drop());

  const agesOf = async (query: Partial<AttemptQuery>) =>
    (await log.query(queryWith(query))).map(({ at }) => clock.read() - at);

  for (const limit of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) {
    it(`are the first ${limit} of all`, async () => {
      expect(await agesOf({ limit })).to.deep.equal(AGES_MS.slice(0, limit));
    });
  }

  it('come page by page, without a gap', async () => {
    const ages: number[] = [];
    for (let after: AttemptQuery['after']; ages.length < AGES_MS.length; ) {
      const [entry] = await log.query(queryWith({ limit: 1, after }));
      if (!entry) throw new Error('a page too few');
      ages.push(clock.read() - entry.at);
      after = entry;
    }
    expect(ages).to.deep.equal(AGES_MS);
  });

  it('are those of the given time', async () => {
    const now = clock.read();
    expect(await agesOf({ since: now - DAY_MS, until: now - MINUTE_MS })).to.deep.equal(AGES_MS.slice(5, 8));
    expect(await agesOf({ until: now - DAY_MS, limit: 1 })).to.deep.equal([9 * DAY_MS]);
  });

  it('are found in two queries, however long ago they happened', async () => {
    const commands = new CommandLog(database.connection);
    for (const query of [
      { limit: 2 },
      { limit: AGES_MS.length },
      { limit: 2, until: clock.read() - 5 * DAY_MS },
      { limit: 3, outcome: 'failed' },
    ] as const) {
      await log.query(queryWith(query));
      expect(commands.take(), JSON.stringify(query)).to.deep.equal(['find', 'find']);
    }
  });

  it('of one name are looked for in a minute first, and then in spans that grow, so that not all of them are sorted', async () => {
    const commands = new CommandLog(database.connection);
    const { username } = (await log.query(queryWith({ limit: 1 })))[0] as AttemptEntry;
    if (username === null) throw new Error('entries of these specs have a name');
    commands.take();
    for (const [limit, finds] of [
      [1, 1],
      [4, 1],
      [6, 2],
      [AGES_MS.length, 8],
    ] as const) {
      expect(await agesOf({ username, limit }), `${limit}`).to.deep.equal(AGES_MS.slice(0, limit));
      expect(commands.take(), `${limit}`).to.deep.equal(new Array(finds).fill('find'));
    }
  });

  it('of one name since a time are not looked for in spans that are about as long', async () => {
    const commands = new CommandLog(database.connection);
    const [entry] = await log.query(queryWith({ limit: 1 }));
    const of = { username: String(entry?.username), since: clock.read() - 12 * 60_000, limit: 100 };
    commands.take();
    expect(await agesOf(of)).to.deep.equal(AGES_MS.slice(0, 6));
    expect(commands.take()).to.deep.equal(['find', 'find']);
  });

  it('are all there if fewer match than are wanted', async () => {
    expect(await agesOf({ limit: 100 })).to.deep.equal(AGES_MS);
    expect(await agesOf({ limit: 100, outcome: 'logout' })).to.deep.equal([]);
  });
});
