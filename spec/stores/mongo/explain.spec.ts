/** Every query of the store by an index, so that an attempt costs the same however many records there are. */
import { expect } from 'chai';
import type { mongo } from 'mongoose';
import { type AttemptsQuery, type ListQuery, Lockout } from '../../../lib/index.js';
import { REMOVE_ALL } from '../../../lib/log/removal.js';
import type { AttemptRemoval } from '../../../lib/stores/attempt-log.js';
import type { MongoStore } from '../../../lib/stores/mongo/index.js';
import type { LongRunningOptions } from '../../../lib/validation/long-running.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const RECORDS = 4_000;
const DAY_MS = 86_400_000;
/** By MongoDB; by DocumentDB on PostgreSQL, where `_id_` alone holds the number of the collection, too. */
const WHOLE_COLLECTION = /COLLSCAN|Seq Scan|"Index Cond":"\(shard_key_value = '\d+'::bigint\)"/;
const QUERIES = new Set(['find', 'findAndModify', 'delete', 'aggregate', 'update']);
const FIND_FIELDS = ['find', 'filter', 'sort', 'skip', 'limit', 'projection'];
const BY_INDEX = /IXSCAN|IDHACK|EXPRESS|Index Scan/;

describeMongo('The query plans of MongoStore', () => {
  let database: MongoDatabase;
  let commands: CommandLog;
  let store: MongoStore;
  let lockout: Lockout;

  before(async () => {
    database = await MongoDatabase.create();
    commands = new CommandLog(database.connection, ['aggregate']);
    store = database.store();
    lockout = new Lockout({ ...PATIENT, store, dimensions: ['username', 'ip', ['ip', 'username']] });
    await lockout.block({ username: 'user 7' }, { for: 'forever' });
    await lockout.check();
    await lockout.attempts();
    await lockout.attemptCounts();
    await fill();
  });
  after(async () => {
    await lockout.close();
    await database.drop();
  });

  async function fill(): Promise<void> {
    const lockouts = database.connection.collection<{ _id: string }>('lockouts');
    const { _id: _, ...model } = (await lockouts.findOne()) as { _id: string };
    const now = Date.now();
    const names = Array.from({ length: RECORDS }, (_unused, index) => `name ${index}`);
    await lockouts.insertMany(
      names.map((name, index) => ({
        ...model,
        _id: `username=${name}`,
        subject: index % 2 ? { username: name } : { ip: `10.0.${index >> 8}.${index & 255}` },
        failures: index % 3,
        lockedUntil: index % 50 ? null : new Date(now + DAY_MS),
        forgetAt: new Date(now + (index % 2 ? DAY_MS : -DAY_MS)),
        expiresAt: new Date(now + DAY_MS),
      })),
    );
    await database.connection.collection('lockout_attempts').insertMany(
      names.map((username, index) => ({
        username,
        ip: `10.0.${index >> 8}.${index & 255}`,
        outcome: 'failed',
        madeBy: 'passport-lockout',
        at: new Date(now - index * 1_000),
        expiresAt: new Date(now + DAY_MS),
      })),
    );
    await database.connection.collection<{ _id: string }>('lockout_activity').insertMany(
      names.map((username, index) => ({
        _id: actId(index),
        action: index % 2 ? 'block' : 'unblock',
        by: `operator ${index % 100}`,
        key: `username=${username}`,
        parts: { username },
        madeBy: 'passport-lockout',
        at: new Date(now - index * 1_000),
        expiresAt: new Date(now + DAY_MS),
      })),
    );
    await database.connection.collection<{ _id: Date }>('lockout_hours').insertMany(
      names.map((_, index) => ({
        _id: new Date(now - index * 3_600_000),
        failed: { 7: 3 },
        madeBy: 'passport-lockout',
        expiresAt: new Date(now + DAY_MS),
      })),
    );
  }

  /** The plans of all queries that an action sends. */
  async function plansOf(act: () => Promise<unknown>): Promise<readonly string[]> {
    commands.take();
    await act();
    const db = database.connection.db as mongo.Db;
    const queries = commands.sent.splice(0).filter(({ name }) => QUERIES.has(name));
    expect(queries).not.to.deep.equal([]);
    // An operation on hundreds of records repeats the same query.
    const some = [...QUERIES].flatMap((name) => queries.filter((query) => query.name === name).slice(0, 5));
    return Promise.all(
      some.map(async ({ command }) => {
        const explain = toFind(command);
        const { queryPlanner } = (await db.command({ explain })) as { queryPlanner: unknown };
        return JSON.stringify(queryPlanner);
      }),
    );
  }

  const PAGE = { limit: 20 };
  const FAILED = { outcome: 'failed' } as const;
  const THIS_DAY = () => ({ since: new Date(Date.now() - DAY_MS), until: new Date() });
  const ACTIONS: readonly [string, () => Promise<unknown>][] = [
    ['an attempt', () => lockout.protect({ username: 'name 11', ip: '10.0.0.2' }, () => false)],
    ['a refused attempt', () => lockout.protect({ username: 'name 50', ip: '10.0.0.3' }, () => false)],
    ['status', () => lockout.status({ username: 'name 12' })],
    ['block', () => lockout.block({ username: 'name 13' }, { for: 'forever' })],
    ['unblock', () => lockout.unblock({ username: 'name 13' })],
    ['list of locked subjects', () => lockout.list(PAGE)],
    ['list of a dimension', () => lockout.list({ ...PAGE, dimension: 'username' })],
    ['list of all subjects', () => lockout.list({ ...PAGE, locked: false })],
    ['the next page of a list', () => nextPageOf({ ...PAGE, locked: false })],
    ['list of locked subjects by their ends', () => lockout.list({ ...PAGE, order: 'lockedUntil' })],
    ['the next page of a list by ends', () => nextPageOf({ ...PAGE, order: 'lockedUntil' })],
    ['list of a dimension by ends', () => lockout.list({ ...PAGE, dimension: 'username', order: 'lockedUntil' })],
    ['counting what is locked', () => lockout.countLocked()],
    ['counting what is locked of a dimension', () => lockout.countLocked({ dimension: 'ip' })],
    ['a list of a username by ends', () => lockout.list({ ...PAGE, username: 'name 51', order: 'lockedUntil' })],
    ['reset of a username', () => lockout.reset({ username: 'name 15' })],
    ['reset of an address', () => lockout.reset({ ip: '10.0.0.4' })],
    ['reset of a username from an address', () => lockout.reset({ username: 'name 17', ip: '10.0.0.6' })],
    ['reset of either', () => lockout.reset({ username: 'name 19', ip: '10.0.0.8', match: 'any' })],
    ['list of a username', () => lockout.list({ ...PAGE, username: 'name 21', locked: false })],
    ['reset of everything', () => lockout.reset({ all: true, ...forOneStep() })],
    ['erasing a username', () => lockout.erase({ username: 'name 23' })],
    ['cleaning up subjects', () => lockout.cleanup(forOneStep())],
    ['cleaning up the log', () => removeFromLog({ expiredOnly: true })],
    ['removing what is old', () => lockout.removeAttempts({ olderThan: { minutes: 65 } })],
    ['removing failures', () => lockout.removeAttempts({ olderThan: { minutes: 64 }, outcome: 'failed' })],
    ['removing surplus', () => removeFromLog({ outcomes: ['failed'], username: 'name 100', keepNewest: 1 })],
    ['the newest attempts', () => lockout.attempts(PAGE)],
    ['the attempts of a username', () => lockout.attempts({ ...PAGE, username: 'name 100' })],
    ['the attempts of an address', () => lockout.attempts({ ...PAGE, ip: '10.0.0.100' })],
    ['attempts by outcome', () => lockout.attempts({ ...PAGE, outcome: 'failed' })],
    [
      'attempts of a time',
      () => lockout.attempts({ ...PAGE, since: new Date(Date.now() - 60_000), until: new Date() }),
    ],
    ['attempts of an outcome of a username', () => lockout.attempts({ ...PAGE, ...FAILED, username: 'name 100' })],
    ['attempts of an outcome of an address', () => lockout.attempts({ ...PAGE, ...FAILED, ip: '10.0.0.100' })],
    ['attempts of a username from an address', () => lockout.attempts({ ...PAGE, username: 'name 1', ip: '10.0.0.1' })],
    ['attempts of a username in a time', () => lockout.attempts({ ...PAGE, username: 'name 1', ...THIS_DAY() })],
    ['the next page of attempts', () => nextPageOfAttempts(PAGE)],
    ['the next page of attempts by outcome', () => nextPageOfAttempts({ ...PAGE, ...FAILED })],
    ['counts of attempts', () => lockout.attemptCounts({ since: new Date(Date.now() - 8 * DAY_MS) })],
    ['the newest acts', () => lockout.activity(PAGE)],
    ['acts of an operator', () => lockout.activity({ ...PAGE, by: 'operator 7' })],
    ['acts on a subject', () => lockout.activity({ ...PAGE, key: 'username=name 7' })],
    ['acts of a kind', () => lockout.activity({ ...PAGE, action: 'block' })],
    ['acts of a time', () => lockout.activity({ ...PAGE, ...THIS_DAY() })],
    [
      'the act to undo',
      () => lockout.activity({ by: 'operator 8', action: 'unblock', key: 'username=name 8', limit: 1 }),
    ],
    ['the next page of acts', nextPageOfActs],
    ['undoing an act', () => lockout.undo(actId(7))],
  ];
  for (const [what, act] of ACTIONS) {
    it(`use an index for ${what}`, async () => {
      for (const plan of await plansOf(act)) {
        expect(plan).not.to.match(WHOLE_COLLECTION);
        expect(plan).to.match(BY_INDEX);
      }
    });
  }

  it('are reported for a query without an index', async () => {
    const plan = JSON.stringify(await database.connection.collection('lockouts').find({ reason: 'none' }).explain());
    expect(plan).to.match(WHOLE_COLLECTION);
  });

  async function removeFromLog(removal: Partial<AttemptRemoval>): Promise<void> {
    await store.attemptLog.remove({ ...REMOVE_ALL, ...removal, limit: 100 });
  }

  async function nextPageOf(query: ListQuery): Promise<void> {
    const { cursor } = await lockout.list(query);
    commands.take();
    await lockout.list({ ...query, cursor });
  }

  async function nextPageOfAttempts(query: AttemptsQuery): Promise<void> {
    const { cursor } = await lockout.attempts(query);
    commands.take();
    await lockout.attempts({ ...query, cursor });
  }

  async function nextPageOfActs(): Promise<void> {
    const { cursor } = await lockout.activity(PAGE);
    commands.take();
    await lockout.activity({ ...PAGE, cursor });
  }
});

/** What goes through everything ends after its first step, whose query is that of all steps. */
function forOneStep(): LongRunningOptions {
  const controller = new AbortController();
  return { signal: controller.signal, onProgress: () => controller.abort() };
}

function actId(index: number): string {
  return index.toString(16).padStart(24, '0');
}

function toFind(command: Readonly<Record<string, unknown>>): object {
  if (command['find']) return Object.fromEntries(FIND_FIELDS.flatMap((key) => pick(command, key)));
  if (command['findAndModify']) return { find: command['findAndModify'], filter: command['query'] };
  if (command['aggregate']) return { aggregate: command['aggregate'], pipeline: command['pipeline'], cursor: {} };
  const [{ q }] = (command['updates'] ?? command['deletes']) as [{ q: unknown }];
  return { find: command['update'] ?? command['delete'], filter: q };
}

function pick(command: Readonly<Record<string, unknown>>, key: string): readonly [string, unknown][] {
  return command[key] === undefined ? [] : [[key, command[key]]];
}
