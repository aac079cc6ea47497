/** Documents that an older version wrote: what they lack counts as nothing, in every step. */
import { expect } from 'chai';
import { settle } from '../../../lib/policy/settle.js';
import type { Marks, Policy, Verdict } from '../../../lib/policy/state.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import { type LockoutDocument, toState } from '../../../lib/stores/mongo/lockout-document.js';
import { DAY, HOUR, policyWith } from '../../policy/examples.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { username } from '../examples.js';

const ALICE = username('alice');
const RULES: Policy = policyWith({ sprayNames: 1, hardStop: { failures: 9, forgetAfterMs: 30 * DAY } });
const ROW: Policy = { ...RULES, rowOnly: true };
/** Fields that a version did not write. */
const MISSING = {
  '0.1.0': ['guesses', 'repeats', 'isSprayed', 'devices', 'sources', 'takenBackAt', 'spellings', 'cause', 'limit'],
  'the version before known devices': ['guesses', 'repeats', 'isSprayed', 'devices'],
};

describeMongo('stores/mongo: documents of an older version', () => {
  let database: MongoDatabase;
  let clock: ManualClock;
  let store: MongoStore;

  before(async () => {
    database = await MongoDatabase.create();
    clock = new ManualClock();
    store = database.store({ clock: clock.read });
    await store.inspect();
  });
  afterEach(() => database.clear());
  after(() => database.drop());

  const lockouts = () => database.connection.collection<LockoutDocument>('lockouts');
  async function document(): Promise<LockoutDocument> {
    const found = await lockouts().findOne({ _id: ALICE.key });
    if (!found) throw new Error('no record');
    return found;
  }

  async function attempt(verdict: Verdict, rules: Policy, marks: Marks) {
    const reply = await store.reserve(ALICE, rules, 'mine');
    if (reply.outcome !== 'taken') throw new Error(reply.outcome);
    return { reply: await store.settle(ALICE, rules, reply.lease, verdict, marks), lease: reply.lease };
  }

  for (const [version, missing] of Object.entries(MISSING)) {
    for (const [what, verdict, rules, marks] of [
      ['a failure with a guess', 'failure', RULES, { guess: 'a' }],
      ['a failure that is a repeat for another subject', 'failure', RULES, { isRepeat: true }],
      ['a failure without either', 'failure', RULES, {}],
      ['a failure of the row alone', 'failure', ROW, { guess: 'a' }],
      ['a success', 'success', RULES, {}],
      ['a success of the row alone', 'success', ROW, {}],
    ] as const) {
      it(`of ${version}: ${what} leaves what the policy says`, async () => {
        await attempt('failure', RULES, {});
        await lockouts().updateOne(
          { _id: ALICE.key },
          { $unset: Object.fromEntries(missing.map((name) => [name, 1])) },
        );
        const before = toState(await document());

        const { lease } = await attempt(verdict, rules, marks);

        const holding = { ...before, leases: [lease] };
        const expected = settle(holding, rules, clock.read(), lease, verdict, marks).state;
        expect(toState(await document())).to.deep.equal(expected);
      });
    }

    it(`of ${version}: devices are revoked, the lock stays, and erasing removes it`, async () => {
      await attempt('failure', RULES, {});
      await store.block(ALICE, { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: null });
      await lockouts().updateOne({ _id: ALICE.key }, { $unset: Object.fromEntries(missing.map((name) => [name, 1])) });

      expect(await store.revokeDevices(ALICE, { forMs: DAY })).to.equal(clock.read() + 1);

      expect((await store.reserve(ALICE, ROW, null)).outcome).to.equal('locked');
      expect((await store.read(ALICE.key))?.devicesSince).to.equal(clock.read() + 1);
      await store.erase(ALICE.key);
      expect(await lockouts().findOne({ _id: ALICE.key })).to.equal(null);
    });
  }

  it('keeps a document from the TTL monitor as long as revoked tokens would have been accepted', async () => {
    await attempt('failure', RULES, {});
    await store.revokeDevices(ALICE, { forMs: 365 * DAY });
    for (const act of [
      () => store.reset(ALICE.key),
      () => attempt('failure', RULES, {}),
      () => store.block(ALICE, { forMs: 0, forgetAfterMs: 0, reason: null, by: null }),
      () => attempt('success', RULES, { source: { place: 'home', spelling: 'alice' } }),
    ]) {
      await act();
      expect((await document()).expiresAt?.getTime()).to.be.at.least(clock.read() + 365 * DAY);
    }
  });

  it('keeps it so where the revocation is all that is known from the beginning', async () => {
    await store.revokeDevices(ALICE, { forMs: 365 * DAY });
    expect((await document()).expiresAt?.getTime()).to.be.at.least(clock.read() + 365 * DAY);
  });
});
