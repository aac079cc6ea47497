/** Several records in one command, where answers are lost, doubled or refused. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { TcpProxy } from '../../support/servers/tcp-proxy.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { alice, office, takeBoth, WIDE } from '../../support/stores/two-records.js';
import { EventLog } from '../../support/tools/events.js';

const OPTIONS: LockoutOptions = {
  ...PATIENT,
  dimensions: ['username', 'ip'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'off',
};
const ALICE = { username: 'alice', ip: '203.0.113.9' };

describeMongo('MongoStore, with several records at once, where the way to the server is bad,', () => {
  let database: MongoDatabase;
  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());
  beforeEach(() => database.clear());

  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await TcpProxy.start(mongoUri());
  });
  afterEach(() => proxy.close());

  for (const command of ['update', 'insert']) {
    it(`takes one slot where the answer to an ${command} is lost`, async () => {
      const through = database.storeThrough(proxy.uri);
      if (command === 'update') await takeBoth(through, WIDE);
      else await through.inspect();
      const direct = database.store();
      const before = (await direct.read(alice.key))?.verifying ?? 0;
      const isLost = proxy.loseAnswerTo(command);
      await takeBoth(through, WIDE);
      await isLost;
      expect((await direct.read(alice.key))?.verifying).to.equal(before + 1);
      expect((await direct.read(office.key))?.verifying).to.equal(before + 1);
    });

    it(`goes on with exact steps where the server refuses an ${command}`, async () => {
      const lockout = new Lockout({ ...OPTIONS, store: database.storeThrough(proxy.uri) });
      const events = new EventLog(lockout);
      await lockout.protect(ALICE, () => true);
      const refused = { code: 9, codeName: 'FailedToParse' };
      proxy.refuse(command, (message) => (message.includes('lockouts') ? refused : undefined));
      const outcomes: string[] = [];
      for (let guess = 0; guess < 4; guess += 1) outcomes.push((await lockout.protect(ALICE, () => false)).outcome);
      expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect(events.count('store_error')).to.equal(0);
      await lockout.close();
    });
  }

  it('X46 tells no more verdicts than it counts where the answer to an update arrives twice', async () => {
    const through = new MongoStore(database.connect({ maxPoolSize: 1 }, proxy.uri));
    const lockout = new Lockout({ ...OPTIONS, store: through });
    const events = new EventLog(lockout);
    await lockout.protect(ALICE, () => true);
    for (let guess = 0; guess < 6; guess += 1) {
      proxy.doubleAnswerTo('update');
      await lockout.protect(ALICE, () => false);
    }
    const counted = (await database.store().read(alice.key))?.failures ?? 0;
    expect(counted).to.be.at.most(3);
    expect(events.count('attempt_failed')).to.be.at.most(counted);
    await lockout.close();
  });
});
