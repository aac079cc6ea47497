/** What lies in the database: bounded, expiring, and nothing that depends on when the TTL monitor comes. */
import { expect } from 'chai';
import mongoose from 'mongoose';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import type { Lease } from '../../../lib/policy/state.js';
import type { LockoutDocument } from '../../../lib/stores/mongo/lockout-document.js';
import { MINUTE, policyWith } from '../../policy/examples.js';
import { username } from '../../stores/examples.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { until } from '../../support/tools/until.js';

const ALICE = { username: 'alice' };
const SUBJECT = username('alice');
const OPTIONS: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  leaseTimeout: { seconds: 30 },
  attemptLog: 'off',
};
const POLICY = policyWith({ tiers: [{ failures: 3, cooloffMs: 15 * MINUTE }] });
const { calculateObjectSize } = mongoose.mongo.BSON;

describeMongo('A store in MongoDB', () => {
  let database: MongoDatabase;
  let clock: ManualClock;
  let lockout: Lockout;

  before(async () => {
    database = await MongoDatabase.create();
  });
  after(() => database.drop());
  beforeEach(async () => {
    await database.clear();
    start();
  });

  function start(options: LockoutOptions = OPTIONS): void {
    clock = new ManualClock();
    lockout = new Lockout({ ...PATIENT, ...options, store: database.store({ clock: clock.read }) });
  }

  const records = () => database.connection.collection<LockoutDocument>('lockouts');
  const recordOf = async (name: string) => records().findOne({ _id: username(name).key });
  const guess = async (isRight = false, name = 'alice') =>
    (await lockout.protect({ username: name }, () => isRight)).outcome;

  async function takeSlot(): Promise<Lease> {
    const reply = await database.store({ clock: clock.read }).reserve(SUBJECT, POLICY, 'a lease');
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }
  const settle = (lease: Lease, verdict: 'failure' | 'success' | 'release') =>
    database.store({ clock: clock.read }).settle(SUBJECT, POLICY, lease, verdict);

  for (const verdict of ['failure', 'success', 'release'] as const) {
    it(`F9 creates no record when a ${verdict} comes after its deletion`, async () => {
      const lease = await takeSlot();
      await database.clear();

      const reply = await settle(lease, verdict);

      expect(reply).to.deep.include({ failures: 0, didLock: false, lock: null });
      expect(await records().countDocuments()).to.equal(0);
    });

    it(`F9 does not count below zero when a ${verdict} comes after the failures were forgotten`, async () => {
      await guess();
      await guess();
      const lease = await takeSlot();
      clock.advance({ days: 7 });

      const { failures } = await settle(lease, verdict);

      // A failure that comes later than its slot still counts, from zero.
      expect(failures).to.equal(verdict === 'failure' ? 1 : 0);
      expect((await settle(lease, 'release')).failures).to.equal(failures);
      expect((await lockout.status(ALICE)).failures).to.equal(failures);
    });
  }

  it('F17 ends locks and forgets failures without the TTL monitor', async () => {
    for (let index = 0; index < 3; index += 1) await guess();
    expect(await guess(true)).to.equal('refused');
    clock.advance({ minutes: 15 });
    expect((await lockout.status(ALICE)).locked).to.equal(false);

    clock.advance({ days: 30 });
    expect((await recordOf('alice'))?.expiresAt?.getTime()).to.be.below(clock.read());
    expect(await lockout.status(ALICE)).to.include({ locked: false, failures: 0, attemptsLeft: 3 });
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
    expect([await guess(), await guess(), await guess(), await guess()]).to.deep.equal([
      'failed',
      'failed',
      'failed',
      'refused',
    ]);
  });

  it('F17 frees the slots of a lost process without the TTL monitor', async () => {
    for (const _ of [1, 2, 3]) void lockout.protect(ALICE, () => new Promise(() => {}));
    while ((await lockout.status(ALICE)).verifying < 3);
    clock.advance({ days: 30 });
    expect(await lockout.status(ALICE)).to.include({ verifying: 0 });
    expect(await guess(true)).to.equal('succeeded');
  });

  it('F17 keeps every record until it no longer matters', async () => {
    const started = clock.read();
    await guess(false, 'failed once');
    for (let index = 0; index < 3; index += 1) await guess(false, 'locked');
    await guess(true, 'succeeded');
    await lockout.block({ username: 'blocked' }, { for: { days: 400 } });
    await lockout.block({ username: 'blocked for ever' }, { for: 'forever' });

    const keptMs = async (name: string) => (((await recordOf(name))?.expiresAt?.getTime() ?? 0) - started) / 1_000;
    expect(await keptMs('failed once')).to.be.at.least(86_400);
    expect(await keptMs('locked')).to.be.at.least(86_400 + 900);
    expect(await keptMs('succeeded')).to.be.at.least(1);
    expect(await keptMs('blocked')).to.be.at.least(400 * 86_400);
    expect((await recordOf('blocked for ever'))?.expiresAt).to.equal(null);
  });

  it('F17 is not harmed when the TTL monitor removes a record while its user is being verified', async () => {
    let removed: number | undefined;
    const { outcome } = await lockout.protect(ALICE, async () => {
      clock.advance({ hours: 3 });
      ({ deletedCount: removed } = await records().deleteMany({ expiresAt: { $lt: new Date(clock.read()) } }));
      return false;
    });
    expect(removed).to.equal(1);
    expect(outcome).to.equal('refused');
    expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    expect([await guess(), await guess(), await guess()]).to.deep.equal(['failed', 'failed', 'refused']);
  });

  it('F39 gives every record of a flood of random usernames an expiry date', async () => {
    const names = Array.from({ length: 300 }, () => Math.random().toString(36));
    await Promise.all(names.map((name, index) => guess(index % 3 === 0, name)));

    expect(await records().countDocuments()).to.equal(300);
    expect(await records().countDocuments({ expiresAt: { $type: 'date' } })).to.equal(300);
    const week = 7 * 86_400_000;
    expect(await records().countDocuments({ expiresAt: { $gt: new Date(clock.read() + week + 3_600_000) } })).to.equal(
      0,
    );
    const ttl = (await records().indexes()).find(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    expect(ttl).to.deep.include({ key: { expiresAt: 1 }, expireAfterSeconds: 0 });
  });

  it('F39 bounds a record whatever the username, the reason and the attempts under way', async () => {
    const name = 'x'.repeat(1_000_000);
    start({ ...OPTIONS, busyTimeout: { seconds: 0 } });
    for (let index = 0; index < 50; index += 1) void lockout.protect({ username: name }, () => new Promise(() => {}));
    await until(async () => (await lockout.status({ username: name })).verifying === 3);

    const [record] = await records().find().toArray();
    expect(record?.leases).to.have.length(3);
    expect(calculateObjectSize(record as LockoutDocument)).to.be.below(1_500);
  });

  it('F40 keeps the record of a user the same size over many failures', async () => {
    start({
      ...OPTIONS,
      tiers: [
        { failures: 3, cooloff: { minutes: 15 } },
        { failures: 6, cooloff: { hours: 1 } },
      ],
    });
    const sizes = new Set<number>();
    for (let failures = 1; failures <= 100; failures += 1) {
      expect(await guess()).to.equal('failed');
      if (failures > 6) sizes.add(calculateObjectSize((await recordOf('alice')) as LockoutDocument));
      clock.advance({ hours: 1 });
    }
    expect((await lockout.status(ALICE)).failures).to.equal(100);
    // The name of the lease that locked counts up.
    expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(4);
  });
});
