/** F10: the server carried a write out, and the connection is cut before the answer arrives. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { MINUTE, policyWith } from '../../policy/examples.js';
import { username } from '../../stores/examples.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { TcpProxy } from '../../support/servers/tcp-proxy.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { EventLog } from '../../support/tools/events.js';

const ALICE = { username: 'alice' };
const SUBJECT = username('alice');
const POLICY = policyWith({ tiers: [{ failures: 3, cooloffMs: 15 * MINUTE }] });
const OPTIONS: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'off',
};
/** The command of each step on a record that exists, and the one that creates it. */
const STEP = 'findAndModify';
const CREATION = 'insert';

describeMongo('With answers lost on the way from MongoDB, a lockout', () => {
  let database: MongoDatabase;
  let proxy: TcpProxy;
  let store: MongoStore;
  let lockout: Lockout;
  let events: EventLog;

  beforeEach(async () => {
    database = await MongoDatabase.create();
    proxy = await TcpProxy.start(mongoUri());
    store = database.storeThrough(proxy.uri);
    lockout = new Lockout({ ...PATIENT, ...OPTIONS, store });
    events = new EventLog(lockout);
    await lockout.protect(ALICE, () => true);
  });

  afterEach(async () => {
    await lockout.close();
    await database.drop();
    await proxy.close();
  });

  it('F10 takes one slot for one attempt', async () => {
    const isLost = proxy.loseAnswerTo(STEP);

    let verifying: number | undefined;
    const { outcome } = await lockout.protect(ALICE, async () => {
      verifying = (await lockout.status(ALICE)).verifying;
      return true;
    });

    await isLost;
    expect(outcome).to.equal('succeeded');
    expect(verifying).to.equal(1);
    expect((await lockout.status(ALICE)).verifying).to.equal(0);
  });

  it('F10 takes one slot for the first attempt of a user', async () => {
    const isLost = proxy.loseAnswerTo(CREATION);

    const { outcome } = await lockout.protect({ username: 'new' }, () => false);

    await isLost;
    expect(outcome).to.equal('failed');
    expect(await lockout.status({ username: 'new' })).to.include({ failures: 1, verifying: 0 });
  });

  it('F10 counts a failure once', async () => {
    let isLost: Promise<void> | undefined;
    await lockout.protect(ALICE, () => {
      isLost = proxy.loseAnswerTo(STEP);
      return false;
    });

    await isLost;
    expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    expect(events.count('attempt_failed')).to.equal(1);
    expect(events.of('attempt_failed')[0]?.subjects.map(({ failures }) => failures)).to.deep.equal([1]);
  });

  it('F10 emits once the event of a lock whose answer was lost', async () => {
    for (let index = 0; index < 2; index += 1) await lockout.protect(ALICE, () => false);
    let isLost: Promise<void> | undefined;

    const last = await lockout.protect(ALICE, () => {
      isLost = proxy.loseAnswerTo(STEP);
      return false;
    });

    await isLost;
    expect(last).to.have.nested.property('locked.code', 'ERR_LOCKOUT_LOCKED');
    expect(events.of('username_blocked').map(({ tier, failures }) => ({ tier, failures }))).to.deep.equal([
      { tier: 0, failures: 3 },
    ]);
    expect((await lockout.protect(ALICE, () => true)).outcome).to.equal('refused');
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('F10 gets the same answer for a step that is repeated by hand', async () => {
    const lease = await takeSlot('a');
    expect(await takeSlot('a')).to.deep.equal(lease);
    const first = await store.settle(SUBJECT, POLICY, lease, 'failure');
    expect(await store.settle(SUBJECT, POLICY, lease, 'failure')).to.deep.equal(first);

    await store.settle(SUBJECT, POLICY, await takeSlot('b'), 'failure');
    const third = await takeSlot('c');
    const locking = await store.settle(SUBJECT, POLICY, third, 'failure');
    const again = await store.settle(SUBJECT, POLICY, third, 'failure');
    expect(locking).to.deep.include({ failures: 3, didLock: true });
    expect(again).to.deep.include({ failures: 3, didLock: true });
    expect(again.lock?.lockedUntil).to.equal(locking.lock?.lockedUntil);
  });

  it('X46 judges no attempt by an answer that arrives twice', async () => {
    const connection = database.connect({ maxPoolSize: 1 }, proxy.uri);
    const single = new Lockout({ ...PATIENT, ...OPTIONS, store: new MongoStore(connection) });
    const failures = new EventLog(single);
    await single.protect(ALICE, () => true);
    proxy.doubleAnswerTo(STEP);

    const told: string[] = [];
    for (let index = 0; index < 6; index += 1) told.push((await single.protect(ALICE, () => false)).outcome);

    // On a connection that is in step again a verdict is reported, and then it is counted.
    const direct = new Lockout({ ...OPTIONS, store: database.store() });
    const { failures: counted } = await direct.status({ username: ALICE.username });
    expect(told.filter((outcome) => outcome === 'failed').length).to.be.at.most(counted);
    expect(failures.of('store_error')[0]?.error.cause)
      .to.have.property('message')
      .that.includes('its connection is out of step');
  });

  async function takeSlot(id: string) {
    const reply = await store.reserve(SUBJECT, POLICY, id);
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }
});
