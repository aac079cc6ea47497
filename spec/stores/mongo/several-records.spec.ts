/** Steps on several records in one command: exact although the command tells only how many it wrote. */
import { expect } from 'chai';
import type { SettleReply } from '../../../lib/policy/replies.js';
import { MAX_SOURCES } from '../../../lib/policy/sources.js';
import type { Lease, Policy } from '../../../lib/policy/state.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { policyWith } from '../../policy/examples.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { alice, office, POLICY, requests, takeBoth, WIDE } from '../../support/stores/two-records.js';

/** How verdicts are passed, if otherwise than usual. */
interface Verdicts {
  readonly from?: MongoStore;
  readonly guess?: string;
  readonly place?: string;
  readonly policy?: Policy;
}

describeMongo('MongoStore, with several records at once,', () => {
  let database: MongoDatabase;
  let clock: ManualClock;
  let store: MongoStore;
  let commands: CommandLog;
  let ids = 0;

  before(async () => {
    database = await MongoDatabase.create();
    commands = new CommandLog(database.connection);
  });
  after(() => database.drop());
  beforeEach(async () => {
    await database.clear();
    clock = new ManualClock();
    store = database.store({ clock: clock.read });
    await store.inspect();
    commands.take();
  });

  const take = (from = store, policy = POLICY) => takeBoth(from, policy);

  async function settle(
    leases: readonly Lease[],
    verdict: 'failure' | 'success' | 'release',
    { from = store, guess, place = 'home', policy = POLICY }: Verdicts = {},
  ): Promise<readonly SettleReply[]> {
    const verdicts = [alice, office].map((subject, index) => ({
      subject,
      policy,
      lease: leases[index] as Lease,
      verdict,
      marks: { source: { place, spelling: 'alice' }, guess },
    }));
    return from.settleAll(verdicts);
  }

  it('finishes 200 parallel attempts that name the subjects in crossed orders', async () => {
    await settle(await take(), 'success');
    const attempts = Array.from({ length: 200 }, (_, index) =>
      index % 2 === 0 ? requests(WIDE) : requests(WIDE).toReversed(),
    );
    const replies = await Promise.all(attempts.map((asked) => store.reserveAll(asked)));
    for (const reply of replies.flat()) expect(reply.outcome).to.equal('taken');
    for (const { key } of [alice, office]) expect((await store.read(key))?.verifying).to.equal(200);
  });

  const BLOCK = { forMs: 1_000, forgetAfterMs: 1_000, reason: null, by: null };
  const CHANGES: readonly (readonly [string, string, (other: MongoStore) => PromiseLike<unknown>])[] = [
    ['failed', 'taken', async (other) => other.settle(alice, POLICY, await slotOf(other), 'failure')],
    ['been blocked', 'locked', (other) => other.block(alice, BLOCK)],
    ['been reset', 'taken', (other) => other.reset(alice.key)],
    ['been erased', 'taken', (other) => other.erase(alice.key)],
    ['had its devices revoked', 'taken', (other) => other.revokeDevices(alice, { forMs: 10_000 })],
    ['taken all slots but one', 'taken', (other) => slotOf(other)],
    ['taken all slots', 'busy', async (other) => [await slotOf(other), await slotOf(other)]],
  ];
  for (const [what, outcome, change] of CHANGES) {
    it(`finds a subject ${outcome} that has ${what} by way of another process`, async () => {
      const other = database.store({ clock: clock.read });
      await settle(await take(), 'failure');
      await change(other);
      const before = (await other.read(alice.key))?.verifying ?? 0;

      const replies = await store.reserveAll(requests());
      expect(replies.map((reply) => reply.outcome)).to.deep.equal(
        outcome === 'taken' ? ['taken', 'taken'] : [outcome, 'free'],
      );
      const taken = outcome === 'taken' ? 1 : 0;
      expect((await other.read(alice.key))?.verifying ?? 0).to.equal(before + taken);
      expect((await other.read(office.key))?.verifying).to.equal(taken);
    });
  }

  it('takes slots beside a subject that is only looked at, and that it knows to be locked', async () => {
    await settle(await take(), 'success');
    await store.block(office, BLOCK);
    const looks = () =>
      requests().map((request) => (request.subject === office ? { ...request, leaseId: null } : request));
    for (let round = 0; round < 2; round += 1) {
      expect((await store.reserveAll(looks())).map(({ outcome }) => outcome)).to.deep.equal(['taken', 'locked']);
    }
  });

  it('finds the end of a lock that it knows', async () => {
    await store.block(alice, BLOCK);
    expect((await store.reserveAll(requests())).map(({ outcome }) => outcome)).to.deep.equal(['locked', 'free']);
    clock.advance({ ms: BLOCK.forMs });
    expect((await store.reserveAll(requests())).map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
  });

  it('is right about a verdict on a subject that failed by way of another process meanwhile', async () => {
    const other = database.store({ clock: clock.read });
    await settle(await take(), 'success');
    const leases = await take();
    await other.settle(alice, POLICY, await slotOf(other), 'failure');
    const [name, address] = await settle(leases, 'failure');
    expect(name).to.include({ failures: 2, didLock: false });
    expect(address).to.include({ failures: 1, didLock: false });
  });

  it('forgets failures on time although it remembers them', async () => {
    await settle(await take(), 'failure');
    clock.advance({ ms: POLICY.forgetAfterMs });
    const [name] = await settle(await take(), 'failure');
    expect(name?.failures).to.equal(1);
  });

  it('forgets failures on time where that is counted from the first one', async () => {
    const policy = policyWith({ ...WIDE, forgetFrom: 'first' });
    await settle(await take(store, policy), 'failure', { policy });
    clock.advance({ ms: policy.forgetAfterMs / 2 });
    await settle(await take(store, policy), 'failure', { policy });
    expect((await store.read(alice.key))?.failures).to.equal(2);
    clock.advance({ ms: policy.forgetAfterMs / 2 });
    expect((await store.read(alice.key))?.failures ?? 0).to.equal(0);
  });

  it('does not count a guess that it remembers', async () => {
    await settle(await take(), 'failure', { guess: 'digest' });
    const [name] = await settle(await take(), 'failure', { guess: 'digest' });
    expect(name).to.include({ failures: 1, isRepeat: true });
  });

  it('does not count a guess that another process remembers, although the failures are as many as before', async () => {
    const other = database.store({ clock: clock.read });
    const elsewhere = { from: other, place: 'elsewhere', policy: WIDE };
    await settle(await take(store, WIDE), 'failure', { guess: 'a', policy: WIDE });
    await settle(await take(other, WIDE), 'failure', { ...elsewhere, guess: 'b' });
    await settle(await take(other, WIDE), 'success', elsewhere);

    for (const reply of await settle(await take(store, WIDE), 'failure', { guess: 'b', policy: WIDE })) {
      expect(reply).to.include({ failures: 1, isRepeat: true });
    }
  });

  it('counts failures of more places than it distinguishes, without a step of their own', async () => {
    const fail = async (place: string) => settle(await take(store, WIDE), 'failure', { place, policy: WIDE });
    const succeed = async (place: string) => settle(await take(store, WIDE), 'success', { place, policy: WIDE });
    for (let place = 0; place < MAX_SOURCES + 3; place += 1) await fail(`place-${place}`);
    commands.take();
    await fail('place-7');
    await fail('another place');
    expect(commands.take()).to.deep.equal(['update', 'update', 'update', 'update']);

    const failures = MAX_SOURCES + 5;
    for (const { key } of [alice, office]) {
      expect(await store.read(key)).to.include({ failures, places: MAX_SOURCES });
    }
    for (const reply of await succeed('another place')) expect(reply).to.include({ failures });
    for (const reply of await succeed('place-7')) expect(reply).to.include({ failures: failures - 2 });
  });

  it("resets what was taken back where options now say that a success resets 'all'", async () => {
    const all = policyWith({ ...WIDE, resetOnSuccess: 'all' });
    await settle(await take(store, WIDE), 'failure', { policy: WIDE });
    await settle(await take(store, WIDE), 'success', { policy: WIDE });
    expect((await store.read(alice.key))?.takenBack).to.equal(1);

    await settle(await take(store, all), 'success', { policy: all });
    for (const { key } of [alice, office]) expect((await store.read(key))?.takenBack ?? 0).to.equal(0);
  });

  it('marks a record of 0.1.0 as ours, so that the TTL monitor removes it one day', async () => {
    const other = database.store({ clock: clock.read });
    await settle(await take(other), 'success', { from: other });
    await database.connection.collection('lockouts').updateMany({}, { $unset: { madeBy: '' } });

    await settle(await take(), 'success');
    for (const { key } of [alice, office]) {
      const document = await database.connection.collection('lockouts').findOne({ _id: key as never });
      expect(document).to.include({ madeBy: 'passport-lockout' });
    }
  });

  it('finds the verdict late after its lease, and in the last second before', async () => {
    const late = await take();
    clock.advance({ ms: POLICY.leaseTimeoutMs });
    expect((await settle(late, 'success')).map(({ isLate }) => isLate)).to.deep.equal([true, true]);
    const lastMoment = await take();
    clock.advance({ ms: POLICY.leaseTimeoutMs - 1 });
    expect((await settle(lastMoment, 'success')).map(({ isLate }) => isLate)).to.deep.equal([false, false]);
  });

  it("takes a verdict in the last second of a lease for late by the server's clock, as its end is an estimate", async () => {
    const real = database.store();
    const [lease] = (await take(real)) as [Lease];
    const endingSoon = { id: lease.id, until: lease.until - POLICY.leaseTimeoutMs + 900 };
    expect((await real.settle(alice, POLICY, endingSoon, 'success')).isLate).to.equal(true);
  });

  it('is right about a record that was removed meanwhile', async () => {
    await settle(await take(), 'success');
    await database.connection.collection('lockouts').deleteMany({});
    expect((await store.reserveAll(requests())).map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
    expect((await store.read(alice.key))?.verifying).to.equal(1);
  });

  it('keeps a record for its slots, its failures and an hour, as exact steps do', async () => {
    await settle(await take(), 'success');
    const leases = await take();
    expect(await storedForMs()).to.equal(POLICY.leaseTimeoutMs + 3_600_000);
    await settle(leases, 'failure');
    expect(await storedForMs()).to.equal(POLICY.forgetAfterMs + 3_600_000);
  });

  it('writes the end of a record again once half of the hour is over, not at each login', async () => {
    await settle(await take(), 'success');
    for (const [minutes, expected] of [
      [20, 40],
      [20, 60],
      [20, 40],
    ] as const) {
      clock.advance({ minutes });
      await settle(await take(), 'success');
      expect(await storedForMs()).to.equal(POLICY.leaseTimeoutMs + expected * 60_000);
    }
  });

  it('keeps a record for its slots that another process was about to let go', async () => {
    await settle(await take(), 'success');
    await records().updateOne({ _id: alice.key }, { $set: { expiresAt: new Date(clock.read() + 1_000) } });
    await take();
    expect(await storedForMs()).to.equal(POLICY.leaseTimeoutMs + 3_600_000);
    expect((await store.read(alice.key))?.verifying).to.equal(1);
  });

  const records = () => database.connection.collection<{ _id: string; expiresAt: Date }>('lockouts');

  async function storedForMs(): Promise<number> {
    const record = await records().findOne({ _id: alice.key });
    return (record?.expiresAt.getTime() ?? 0) - clock.read();
  }

  async function slotOf(other: MongoStore): Promise<Lease> {
    ids += 1;
    const reply = await other.reserve(alice, POLICY, `other-${ids}`);
    if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
    return reply.lease;
  }
});
