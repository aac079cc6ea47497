/** The key of the database with which sources of failures are written. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { SourceTags } from '../../../lib/stores/mongo/source-tags.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const HOME = '203.0.113.1';
const OFFICE = '198.51.100.1';

describeMongo('The key of the sources in MongoDB', () => {
  let database: MongoDatabase;

  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());

  const settings = () => database.connection.collection<{ _id: string; value?: unknown }>('lockout_settings');
  const lockoutOf = () => {
    const lockout = new Lockout({ ...PATIENT, store: database.store(), attemptLog: 'off', secret: SECRET });
    lockout.on('warning', () => undefined);
    return lockout;
  };

  for (const [what, value] of [
    ['empty', ''],
    ['short', 'c2hvcnQ'],
    ['not a string', 5],
    ['missing', undefined],
  ] as const) {
    it(`is not used if it is ${what}: the error says where it is, and its removal lets a new one be created`, async () => {
      await settings().deleteMany({});
      await settings().insertOne({ _id: 'source key', ...(value !== undefined && { value }) });

      const lockout = lockoutOf();
      const attempt = { username: `user ${what}`, ip: HOME };
      await lockout.protect(attempt, () => false);
      await lockout.protect(attempt, () => true);
      expect(await lockout.status({ username: attempt.username })).to.include({ failures: 1 });
      const [finding] = await lockout.check();
      expect(finding).to.include({ code: 'WARN_LOCKOUT_SOURCE_KEY_MISSING' });
      expect(finding?.message).to.include("the document 'source key' of lockout_settings has no key of 32 bytes");

      await settings().deleteMany({});
      expect(await lockout.check()).to.deep.equal([]);
      expect((await settings().findOne({ _id: 'source key' }))?.value).to.match(/^[\w-]{43}$/);
    });
  }

  it('is written again by a process that has it if its document is lost, so that earlier failures keep their source', async () => {
    await settings().deleteMany({});
    const tags = new SourceTags();
    const store = { settings: settings() as never };
    await tags.prepare(store);
    const before = tags.marksOf('username=alice', { source: { place: HOME, spelling: 'alice' } });

    await settings().deleteMany({});
    await tags.prepare(store);
    const others = new SourceTags();
    await others.prepare(store);
    expect(others.marksOf('username=alice', { source: { place: HOME, spelling: 'alice' } })).to.deep.equal(before);
  });

  it('distinguishes halves of surrogate pairs, which are one character in UTF-8', async () => {
    const store = database.store();
    const lockout = new Lockout({
      ...PATIENT,
      store,
      attemptLog: 'off',
      dimensions: ['ip'],
      canonicalUsername: () => 'alice',
    });
    const attempt = (username: string, isRight: boolean) => lockout.protect({ username, ip: OFFICE }, () => isRight);
    await attempt('alice\ud800', false);

    await attempt('alice\ud801', true);
    expect(await lockout.status({ ip: OFFICE })).to.include({ failures: 1, takenBack: 0 });

    await attempt('alice\ud800', true);
    expect(await lockout.status({ ip: OFFICE })).to.include({ failures: 0 });
  });
});
