/** How many commands an attempt costs, and how sure they are. */
import { expect } from 'chai';
import mongoose from 'mongoose';
import sinon from 'sinon';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const LIMIT_3 = { tiers: [{ failures: 3, cooloff: { minutes: 15 } }], attemptLog: 'off' } as const;
const ONE_SUBJECT: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };
const TWO_SUBJECTS: LockoutOptions = { ...LIMIT_3, dimensions: ['username', 'ip'] };
const times = (count: number, name: string) => Array<string>(count).fill(name);

describeMongo('The number of commands of MongoStore', () => {
  let database: MongoDatabase;
  let commands: CommandLog;
  let clock: ManualClock;
  let lockout: Lockout;

  before(async () => {
    database = await MongoDatabase.create();
    commands = new CommandLog(database.connection);
  });
  after(() => database.drop());
  beforeEach(() => database.clear());
  afterEach(() => sinon.restore());

  /** A lockout whose collections are ready. */
  async function start(options: LockoutOptions): Promise<void> {
    clock = new ManualClock();
    lockout = new Lockout({ ...PATIENT, ...options, store: database.store({ clock: clock.read }) });
    await lockout.status({ username: 'alice' });
    commands.take();
  }

  async function costOf(isRight: boolean): Promise<readonly string[]> {
    await lockout.protect(ALICE, () => isRight);
    return commands.take();
  }

  it('is 2 for a successful and 2 for a failed attempt of a known subject', async () => {
    await start(ONE_SUBJECT);
    await costOf(true);
    expect(await costOf(true)).to.deep.equal(times(2, 'findAndModify'));
    expect(await costOf(false)).to.deep.equal(times(2, 'findAndModify'));
    expect(await costOf(false)).to.deep.equal(times(2, 'findAndModify'));
    // The one that locks costs no more.
    expect(await costOf(false)).to.deep.equal(times(2, 'findAndModify'));
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
  });

  it('is 0 for a refused attempt within lockCacheTtl, and 1 after it', async () => {
    await start(ONE_SUBJECT);
    for (let index = 0; index < 3; index += 1) await costOf(false);

    for (let index = 0; index < 5; index += 1) expect(await costOf(true)).to.deep.equal([]);
    clock.advance({ seconds: 1 });
    expect(await costOf(true)).to.deep.equal(['find']);
    expect(await costOf(true)).to.deep.equal([]);
  });

  it('is 0 for an attempt that one known lock refuses, however many subjects it has', async () => {
    await start(TWO_SUBJECTS);
    for (let index = 0; index < 3; index += 1) await costOf(false);
    expect(await costOf(true)).to.deep.equal([]);
  });

  it('is at most 2 to reserve for a new subject, and 1 to settle', async () => {
    await start(ONE_SUBJECT);
    expect(await costOf(false)).to.deep.equal(['findAndModify', 'insert', 'findAndModify']);
  });

  describe('with several subjects', () => {
    /** Each command by its name, `>` when it is sent and `<` when it is answered. */
    async function wireOf(isRight: boolean, input = ALICE): Promise<string> {
      await lockout.protect(input, () => isRight);
      // Indexes are made beside the first logins.
      const ofRecords = commands.order.filter((step) => !step.endsWith('createIndexes'));
      const order = ofRecords.map((step) => step.replace('sent ', '>').replace('answered ', '<')).join(' ');
      commands.take();
      return order;
    }

    const ONE_EACH_WAY = '>update <update >update <update';

    it('is 2 in 2 round trips for all of them, right or wrong', async () => {
      await start(TWO_SUBJECTS);
      await costOf(true);
      for (const isRight of [true, false, true]) {
        expect(await wireOf(isRight), `right: ${isRight}`).to.equal(ONE_EACH_WAY);
        await lockout.unblock({ username: 'alice' });
        await lockout.unblock({ ip: ALICE.ip });
        await costOf(true);
      }
    });

    it('includes only updates that find their record by its _id alone, as any condition beside it costs more', async () => {
      await start(TWO_SUBJECTS);
      await costOf(true);
      commands.take();
      for (const isRight of [true, false]) await lockout.protect(ALICE, () => isRight);
      const updates = commands.sent.flatMap(({ command }) => (command['updates'] ?? []) as readonly { q: object }[]);
      expect(updates).to.have.lengthOf(8);
      for (const { q } of updates) expect(q).to.have.all.keys('_id');
    });

    it('is 2 in 2 round trips for subjects that nobody has seen, right or wrong', async () => {
      await start(TWO_SUBJECTS);
      for (const [index, isRight] of [true, false].entries()) {
        const stranger = { username: `stranger ${index}`, ip: `203.0.113.${index}` };
        expect(await wireOf(isRight, stranger)).to.equal('>insert <insert >update <update');
      }
    });

    it('is 3 in 2 round trips for a name that nobody has seen, from a known address', async () => {
      await start(TWO_SUBJECTS);
      await costOf(true);
      const order = await wireOf(false, { ...ALICE, username: 'bob' });
      expect(order).to.match(/^>(update >insert|insert >update) <\w+ <\w+ >update <update$/);
    });

    it('is 3 in 3 round trips for subjects that only another process has seen', async () => {
      await start(TWO_SUBJECTS);
      await new Lockout({ ...PATIENT, ...TWO_SUBJECTS, store: database.store({ clock: clock.read }) }).protect(
        ALICE,
        () => true,
      );
      commands.take();
      expect(await wireOf(true)).to.equal(`>insert <insert ${ONE_EACH_WAY}`);
      expect(await wireOf(true)).to.equal(ONE_EACH_WAY);
    });

    it('is one reading of each record for a name that it knows to be locked, once lockCacheTtl is over', async () => {
      await start(TWO_SUBJECTS);
      for (let index = 0; index < 3; index += 1) await costOf(false);
      clock.advance({ seconds: 1 });
      expect(await wireOf(true)).to.equal('>find >find <find <find');
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    });

    it('is one exact step on each record for the failure that locks', async () => {
      await start(TWO_SUBJECTS);
      for (let index = 0; index < 2; index += 1) await costOf(false);
      const exact = '>findAndModify >findAndModify <findAndModify <findAndModify';
      expect(await wireOf(false)).to.equal(`${exact} ${exact}`);
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    });
  });

  it('is 1 for status of a known subject, and 1 for block and unblock beside the 2 that record them', async () => {
    await start(ONE_SUBJECT);
    await lockout.check();
    await costOf(false);
    await lockout.status({ username: 'alice' });
    expect(commands.take()).to.deep.equal(['find']);
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(commands.take()).to.deep.equal(['insert', 'findAndModify', 'update']);
    await lockout.unblock({ username: 'alice' });
    expect(commands.take()).to.deep.equal(['insert', 'findAndModify', 'update']);
  });

  it('is one insert for many entries of the attempt log', async () => {
    await start({ ...ONE_SUBJECT, attemptLog: 'background', deny: { ips: ['10.0.0.0/8'] } });
    for (let index = 0; index < 203; index += 1) await lockout.protect({ ip: `10.0.0.${index}` }, () => true);
    await lockout.close();
    expect(commands.take().filter((name) => name === 'insert').length).to.be.at.most(4);
    expect(await database.connection.collection('lockout_attempts').countDocuments()).to.equal(203);
  });

  it('includes writes to a majority and reads from the primary only, whatever the connection says', async () => {
    const connection = await database
      .connect({ monitorCommands: true, w: 0, readPreference: 'secondaryPreferred' })
      .asPromise();
    const log = new CommandLog(connection);
    // Unacknowledged writes of ours would leave some servers' answers on the connection, so none is made here.
    expect(connection.getClient().options.writeConcern).to.deep.include({ w: 0 });
    // What the driver is asked for: on a server without a replica set it does not pass it on.
    const reads = sinon.spy(mongoose.mongo.Collection.prototype, 'find');

    const careful = new Lockout({
      ...PATIENT,
      ...LIMIT_3,
      attemptLog: 'await',
      store: new MongoStore(connection, { prefix: 'careful_' }),
    });
    await careful.protect(ALICE, () => false);
    await careful.protect(ALICE, () => true);
    await careful.block(ALICE_ONLY, { for: 'forever' });
    await careful.unblock(ALICE_ONLY);
    await careful.status(ALICE_ONLY);
    await careful.list({ locked: false });
    await careful.attempts();
    await careful.reset(ALICE_ONLY);

    reads.restore();
    expect(reads.callCount).to.be.at.least(4);
    for (const { args } of reads.getCalls()) expect(args[1]).to.have.property('readPreference', 'primary');
    const writes = log.sent.filter(({ name }) => !['find', 'hello'].includes(name));
    expect(new Set(writes.map(({ name }) => name))).to.have.keys(
      'create',
      'createIndexes',
      'findAndModify',
      'insert',
      'update',
    );
    for (const { name, command } of writes) expect(command['writeConcern'], name).to.deep.equal({ w: 'majority' });
  });
});

const ALICE_ONLY = { username: 'alice' };
