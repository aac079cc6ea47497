/** Collections and indexes that are taken away under a running process: nothing has to be restarted. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';
import { EventLog } from '../../support/tools/events.js';
import { outcomesOf } from '../../support/tools/outcomes.js';

const ALICE = { username: 'alice', ip: '203.0.113.1' };
const LOCKED = ['failed', 'failed', 'failed', 'refused'];

describeMongo('X33 a store whose collections are lost while it runs', () => {
  const site = useProxiedDatabase();

  function start(store = site.database.store()) {
    const tiers = [{ failures: 3, cooloff: { minutes: 15 } }];
    const lockout = new Lockout({
      ...PATIENT,
      secret: SECRET,
      dimensions: ['username', 'ip'],
      tiers,
      attemptLog: 'await',
      store,
    });
    return { lockout, events: new EventLog(lockout), store };
  }

  const guess = (lockout: Lockout) => lockout.protect(ALICE, () => false);
  const outcomes = (lockout: Lockout, count: number) => outcomesOf(lockout, ALICE, count);

  const LOSSES: Readonly<Record<string, () => Promise<unknown>>> = {
    'the collection was dropped': () => site.database.connection.collection('lockouts').drop(),
    'the collection was renamed': () => site.database.connection.collection('lockouts').rename('lockouts_of_old'),
    'the database was dropped': () => site.database.connection.dropDatabase(),
  };
  for (const [loss, lose] of Object.entries(LOSSES)) {
    it(`counts again after ${loss}, from the second login at the latest`, async () => {
      const { lockout } = start();
      await guess(lockout);
      await lose();

      await guess(lockout);
      await lockout.unblock({ username: ALICE.username });
      await lockout.unblock({ ip: ALICE.ip });
      expect(await outcomes(lockout, 4)).to.deep.equal(LOCKED);
    });
  }

  it('creates indexes again with the next login, once check() has reported their absence', async () => {
    const { lockout, store } = start();
    await guess(lockout);
    await store.close();
    await site.database.connection.collection('lockouts').dropIndexes();
    expect((await lockout.check()).map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_INDEX_MISSING']);

    await guess(lockout);
    await store.close();
    expect(await lockout.check()).to.deep.equal([]);
  });

  it('delays nobody for a source key that does not arrive, and reports that', async () => {
    const { lockout, events } = start(site.database.storeThrough(site.proxy.uri));
    site.proxy.swallowAnswersTo('lockout_settings');

    expect(await outcomes(lockout, 4)).to.deep.equal(LOCKED);
    expect(events.of('store_error')).to.deep.equal([]);
    const [warning] = events.of('warning');
    expect(warning).to.include({ code: 'WARN_LOCKOUT_SOURCE_KEY_MISSING' });
    expect(warning?.message).to.match(/could not be read or made \(no answer yet\)/);
    await lockout.close();
  });
});
