/** The commands of django-axes, run as an operator runs them. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { entryWith } from '../../support/fixtures/attempt-entries.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { Cli } from '../../support/tools/cli.js';

const [FIRST, SECOND] = ['203.0.113.1', '203.0.113.2'];
const DAY_MS = 86_400_000;

describeMongo('The commands of axes:', () => {
  let database: MongoDatabase;
  let lockout: Lockout;
  let cli: Cli;

  before(async () => {
    database = await MongoDatabase.create();
    cli = new Cli({ MONGODB_URI: database.uri });
  });
  beforeEach(async () => {
    await database.clear();
    lockout = new Lockout({ ...PATIENT, store: database.store(), dimensions: [['ip', 'username']] });
    for (const [username, ip, times] of [
      ['alice', FIRST, 2],
      ['alice', SECOND, 1],
      ['bob', FIRST, 1],
    ] as const) {
      for (let failure = 0; failure < times; failure += 1) await lockout.protect({ username, ip }, () => false);
    }
  });
  afterEach(() => lockout.close());
  after(() => database.drop());

  /** The output of consecutive command lines. */
  async function print(...lines: readonly string[]): Promise<readonly string[]> {
    const printed: string[] = [];
    for (const line of lines) {
      const { stdout, stderr } = await cli.run(line.split(' '));
      expect(stderr, line).to.equal('');
      printed.push(stdout);
    }
    return printed;
  }

  it('A153 list-attempts prints address, username and count, separated by tabs', async () => {
    expect(await print('list-attempts')).to.deep.equal([`${FIRST}\talice\t2\n${FIRST}\tbob\t1\n${SECOND}\talice\t1\n`]);
  });

  const RESETS: readonly [line: string, printed: string, left: number][] = [
    ['reset --yes', '3 subjects reset, 0 unblocked.', 0],
    [`reset-ip ${FIRST}`, '2 subjects reset, 0 unblocked.', 1],
    ['reset-ip 203.0.113.99', 'Nothing to reset.', 3],
    [`reset-ip ${FIRST} ${SECOND}`, '3 subjects reset, 0 unblocked.', 0],
    ['reset-username alice', '2 subjects reset, 0 unblocked.', 1],
    ['reset-username alice bob', '3 subjects reset, 0 unblocked.', 0],
    ['reset-username nobody', 'Nothing to reset.', 3],
    [`reset-ip-username ${FIRST} alice`, '1 subject reset, 0 unblocked.', 2],
    [`reset-ip-username ${SECOND} bob`, 'Nothing to reset.', 3],
  ];
  for (const [line, printed, left] of RESETS) {
    it(`A154 differs: resets print how many subjects were reset and unblocked, and all need --yes: ${line}`, async () => {
      expect(await print(line)).to.deep.equal([`${printed}\n`]);
      expect((await lockout.list({ locked: false })).items).to.have.length(left);
    });
  }

  it('A155 reset-logs removes entries older than the given days', async () => {
    const entries = [3, 10, 20].map((days) => ({ entry: entryWith(), ageMs: days * DAY_MS }));
    await lockout.close();
    for (const [age, printed] of [
      [30, 'No log entries to remove.'],
      [2, '3 log entries removed.'],
      [4, '2 log entries removed.'],
      [16, '1 log entry removed.'],
    ] as const) {
      await database.clear();
      await database.store().attemptLog.append(entries, 400 * DAY_MS);
      expect(await print(`reset-logs --age ${age}`)).to.deep.equal([`${printed}\n`]);
    }
  });
});
