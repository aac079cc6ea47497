/** How MongoStore keeps counts per minute: a chart of a week is read in a moment, whatever happened in it. */
import { expect } from 'chai';
import { pending } from '../../support/fixtures/attempt-entries.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describeMongo('MongoHours', () => {
  let database: MongoDatabase;
  let clock: ManualClock;

  beforeEach(async () => {
    database = await MongoDatabase.create();
    clock = new ManualClock();
    // The last minute of an hour.
    clock.advance({ ms: 2 * HOUR_MS - (clock.read() % HOUR_MS) - MINUTE_MS });
  });
  afterEach(() => database.drop());

  it('keeps one document for each hour, with what happened in its minutes', async () => {
    const { attemptLog } = database.store({ clock: clock.read });
    const ages = [0, 0, 1, 59, 60, 61].map((minutes) => minutes * MINUTE_MS);
    await attemptLog.append(
      ages.map((ageMs) => pending({ outcome: 'failed', dimension: null }, ageMs)),
      DAY_MS,
    );
    await attemptLog.append([pending({ outcome: 'refused', count: 2_990 })], DAY_MS);

    const hour = clock.read() + MINUTE_MS - HOUR_MS;
    const document = (begins: number, counts: object) => ({
      _id: new Date(begins),
      ...counts,
      expiresAt: new Date(begins + HOUR_MS + 8 * DAY_MS),
      madeBy: 'passport-lockout',
    });
    const stored = database.connection.collection('lockout_hours').find().sort({ _id: 1 });
    expect(await stored.toArray()).to.deep.equal([
      document(hour - HOUR_MS, { failed: { 58: 1, 59: 1 } }),
      document(hour, { failed: { 0: 1, 58: 1, 59: 2 }, refused: { 59: 2_990 } }),
    ]);
  });

  it('writes the counts of a batch with one command, and reads any time with another', async () => {
    const { attemptLog } = database.store({ clock: clock.read });
    const batch = Array.from({ length: 8 * 24 }, (_, hours) => pending({}, hours * HOUR_MS));
    await attemptLog.append([pending()], DAY_MS);
    const commands = new CommandLog(database.connection);
    commands.take();
    await attemptLog.append(batch, DAY_MS);
    expect([...commands.take()].sort()).to.deep.equal(['insert', 'update']);
    await attemptLog.counts?.({ since: clock.read() - 8 * DAY_MS, until: clock.read() });
    expect(commands.take()).to.deep.equal(['find']);
  });

  it('reads 8 days that are full of attempts, minute by minute', async () => {
    const { attemptLog } = database.store({ clock: clock.read });
    const minutes = Array.from({ length: 60 }, (_, minute) => [minute, 2]);
    const counts = Object.fromEntries(['failed', 'refused'].map((outcome) => [outcome, Object.fromEntries(minutes)]));
    const last = clock.read() + MINUTE_MS - HOUR_MS;
    await database.connection.collection<{ _id: Date }>('lockout_hours').insertMany(
      Array.from({ length: 8 * 24 }, (_, hours) => ({
        _id: new Date(last - hours * HOUR_MS),
        ...counts,
        expiresAt: new Date(last + DAY_MS),
        madeBy: 'passport-lockout',
      })),
    );

    const since = last + HOUR_MS - 8 * DAY_MS;
    const found = await attemptLog.counts?.({ since, until: last + HOUR_MS });
    expect(found).to.deep.equal(
      Array.from({ length: 8 * 24 * 60 }, (_, minute) => {
        return { at: since + minute * MINUTE_MS, failed: 2, refused: 2, succeeded: 0, locks: 0 };
      }),
    );
  });
});
