/** Where failures came from, as it lies in MongoDB: records of 0.1.0, tags that tell nothing, and their size. */
import { expect } from 'chai';
import mongoose from 'mongoose';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import type { LockoutDocument } from '../../../lib/stores/mongo/lockout-document.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const ALICE = { username: 'alice' };
const HOME = '203.0.113.1';
const SECRET = 'a secret of at least 32 characters';
const MANY = [{ failures: 1_000, cooloff: { hours: 1 } }];
const { calculateObjectSize } = mongoose.mongo.BSON;

describeMongo('The sources of failures in MongoDB', () => {
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

  function start(options: LockoutOptions = {}): void {
    clock = new ManualClock();
    lockout = new Lockout({ ...PATIENT, store: database.store({ clock: clock.read }), attemptLog: 'off', ...options });
  }

  const records = () => database.connection.collection<LockoutDocument>('lockouts');
  const attempt = (ip: string, isRight: boolean, username = 'alice') =>
    lockout.protect({ username, ip }, () => isRight);
  const sizes = async () => (await records().find().toArray()).map((record) => calculateObjectSize(record));

  describe('in a record of 0.1.0', () => {
    const written = {
      _id: 'username=alice',
      dimension: 'username',
      parts: ALICE,
      failures: 2,
      leases: [],
      lockedUntil: null,
      consecutiveFailures: 0,
      consecutiveUntil: null,
      tier: null,
      reason: null,
      by: null,
      lockedBy: null,
    };
    const insert = async () => {
      const at = new Date(clock.read());
      const tomorrow = new Date(clock.read() + 86_400_000);
      const dates = { firstFailureAt: at, lastFailureAt: at, forgetAt: tomorrow, expiresAt: tomorrow };
      await database.connection.collection('lockouts').insertOne({ ...written, ...dates } as never);
    };

    it('are unknown, so that a login forgives nothing and the next failure locks', async () => {
      await insert();
      expect(await lockout.status(ALICE)).to.include({ failures: 2, places: 0, takenBack: 0 });

      await attempt(HOME, true);
      expect(await lockout.status(ALICE)).to.include({ failures: 2, takenBack: 0 });

      await attempt(HOME, false);
      expect(await lockout.status(ALICE)).to.include({ failures: 3, places: 1, locked: true });
    });

    it('leave its dates unchanged when a login takes back what came since', async () => {
      await insert();
      start({ tiers: [{ failures: 9, cooloff: { hours: 1 } }] });
      const began = clock.read();
      clock.advance({ hours: 1 });
      await attempt(HOME, false);

      await attempt(HOME, true);

      const { failures, takenBack, firstFailureAt } = await lockout.status(ALICE);
      expect({ failures, takenBack, firstFailureAt: firstFailureAt?.getTime() }).to.deep.equal({
        failures: 2,
        takenBack: 1,
        firstFailureAt: began,
      });
    });

    it('are forgotten in its own time, and recorded as usual then', async () => {
      await insert();
      clock.advance({ days: 1 });
      expect(await lockout.status(ALICE)).to.include({ failures: 0 });

      await attempt(HOME, false);
      await attempt(HOME, true);

      expect(await lockout.status(ALICE)).to.include({ failures: 0, places: 0 });
    });
  });

  it('are written as tags that reveal neither address nor spelling, and differ from record to record', async () => {
    start({ pseudonymize: SECRET });
    await attempt(HOME, false, 'aLiCe');
    await attempt(HOME, false, 'bOb');

    const documents = await records().find().toArray();

    const tags = documents.flatMap(({ sources = [] }) => sources.map(({ t }) => t));
    expect(tags).to.have.length(4);
    for (const tag of tags) expect(tag).to.match(/^[\w-]{6}\.[\w-]{6}$/);
    expect(new Set(tags.flatMap((tag) => tag.split('.'))).size).to.equal(8);
    expect(JSON.stringify(documents)).not.to.match(/alice|bob|203\.0/i);
  });

  it("X7 do not match another spelling whose tag could be forged on a machine of one's own", async () => {
    // The first 36 bits of SHA-256 over the key of the record and these are equal: one guess in 400,000 found them.
    const [guessed, own] = ['alIce.CoOpEr.anD.FRIEnds@example.com', 'AlIce.COOPer.anD.fRiENds@example.com'];
    start({ dimensions: ['ip'] });
    await attempt('203.0.113.9', false, guessed);

    await attempt('203.0.113.9', true, own);

    expect(await lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 1, takenBack: 0 });
  });

  it('have tags that nobody can compute outside the database, whoever created the key', async () => {
    const tagsOf = async (prefix: string) => {
      start({ store: database.store({ prefix }) });
      await attempt(HOME, false);
      const documents = await database.connection.collection<LockoutDocument>(`${prefix}lockouts`).find().toArray();
      return documents.flatMap(({ sources = [] }) => sources.flatMap(({ t }) => t.split('.')));
    };

    const tags = [...(await tagsOf('one_')), ...(await tagsOf('other_'))];

    expect(tags).to.have.length(8);
    expect(new Set(tags).size).to.equal(8);
  });

  it('have the same tags in all processes, even if they all start at once', async () => {
    const lockouts = Array.from(
      { length: 8 },
      () => new Lockout({ ...PATIENT, store: database.store({ clock: clock.read }) }),
    );
    await Promise.all(lockouts.map((one, index) => one.protect({ username: `user ${index}`, ip: HOME }, () => false)));

    for (const index of lockouts.keys()) {
      const other = lockouts.at(index - 1);
      await other?.protect({ username: `user ${index}`, ip: HOME }, () => true);
    }

    expect(await lockout.status({ ip: HOME })).to.include({ failures: 0 });
  });

  it('keep the record of an address that guesses ever new names below 4 KB', async () => {
    for (let guess = 0; guess < 99; guess += 1) {
      await attempt(HOME, false, `user ${guess % 70}`);
      const { lockedUntil } = await lockout.status({ ip: HOME });
      clock.advance({ minutes: 1, ms: lockedUntil ? lockedUntil.getTime() - clock.read() : 0 });
    }

    expect(await lockout.status({ ip: HOME })).to.include({ failures: 99, places: 64 });
    expect(Math.max(...(await sizes()))).to.be.within(3_000, 4_096);
  });

  it('keep the record of a name that is guessed from ever new addresses below 4 KB', async () => {
    start({ dimensions: ['username'] });
    for (let guess = 0; guess < 100; guess += 1) {
      await attempt(`198.51.100.${guess}`, false);
      clock.advance({ days: 1 });
    }

    expect(await lockout.status(ALICE)).to.include({ failures: 100, places: 64 });
    expect(Math.max(...(await sizes()))).to.be.within(3_000, 4_096);
  });

  it('keep a record below 5 KB whatever the options, and whatever the number of guesses and spellings of each', async () => {
    start({ dimensions: [['ip', 'username']], pseudonymize: SECRET, hardStop: { failures: 1_000 }, tiers: MANY });
    for (let round = 0; round < 2; round += 1) {
      for (let guess = 0; guess < 70; guess += 1) {
        await attempt(HOME, false, `${' '.repeat(guess)}alice`);
        clock.advance({ ms: 1 });
      }
    }

    expect(await lockout.status({ ip: HOME, ...ALICE })).to.include({ failures: 140 });
    expect(Math.max(...(await sizes()))).to.be.within(4_000, 5_120);
  });
});
