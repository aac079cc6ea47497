/** Where attempts are written, and what connects to the database. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { ALICE, loginSites } from '../../support/sites/login-site.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };

describeOnEachStore('Attempts as in defender', (stores) => {
  const open = loginSites(stores);

  it('D21 are written with everything known, and can be read', async () => {
    const site = await open(LIMIT_3);
    await site.guess();
    site.clock.advance({ seconds: 1 });
    await site.logIn();

    const { items } = await site.lockout.attempts({ username: 'alice' });
    const common = { ip: '203.0.113.1', userAgent: 'agent A', path: '/login', method: 'POST', action: 'local' };
    expect(items).to.have.length(2);
    expect(items[0]).to.deep.include({ ...common, outcome: 'succeeded', at: new Date(site.clock.read()) });
    expect(items[1]).to.deep.include({ ...common, outcome: 'failed', at: new Date(site.clock.read() - 1_000) });
  });

  it('D30 written in the background are all there once the lockout is closed', async () => {
    const site = await open({ ...LIMIT_3, attemptLog: 'background' });
    await site.guess(ALICE, 5);
    await site.lockout.close();

    const { items } = await site.lockout.attempts();
    expect(items.map(({ outcome }) => outcome).sort()).to.deep.equal([
      'failed',
      'failed',
      'failed',
      'refused',
      'refused',
    ]);
  });
});

describeMongo("The application's own connection", () => {
  let database: MongoDatabase;
  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());

  it('D52 is used by the store and left open; an invalid one is a clear error', async () => {
    const lockout = new Lockout({
      ...PATIENT,
      ...LIMIT_3,
      dimensions: ['username'],
      store: new MongoStore(database.connection),
    });
    await lockout.protect({ username: 'alice' }, () => false);
    await lockout.close();
    expect(await database.connection.collection('lockouts').countDocuments()).to.equal(1);
    expect(database.connection.readyState).to.equal(1);

    for (const other of [undefined, 'mongodb://127.0.0.1/app', {}]) {
      expect(() => new MongoStore(other as never)).to.throw(LockoutConfigError, /expected .*connection/);
    }
  });
});
