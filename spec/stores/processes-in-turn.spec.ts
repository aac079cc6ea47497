/**
 * Random histories of several processes that take turns: what one remembers of a record may be what another has changed since.
 * Together they do exactly what the policy says.
 */
import mongoose, { type Connection } from 'mongoose';
import sinon from 'sinon';
import type { LockoutStore } from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { playHistories } from '../../lib/testing/model/play-histories.js';
import { createTestClock, type TestClock } from '../../lib/testing/test-clock.js';
import { DocumentedMongo } from '../support/servers/documented-mongo/server.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { RedisDatabase } from '../support/stores/redis-database.js';
import { atDepth } from '../support/tools/depth.js';
import { randomFrom } from '../support/tools/random.js';

const PROCESSES = 3;
/** How often another one of them has its turn. */
const CHANGES = 0.03;

describe('several processes that take turns behave exactly like the policy', function () {
  this.timeout(600_000);

  afterEach(() => sinon.restore());

  async function play(create: (clock: TestClock) => LockoutStore, histories: number): Promise<void> {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const clock = createTestClock();
    // What a process remembers, and for how long it doubts it, is measured by this.
    sinon.stub(performance, 'now').callsFake(clock);
    await playHistories(
      inTurn(() => create(clock), seed),
      clock,
      histories,
      seed,
    );
  }

  describe("with MongoDB's operators as its manual describes them,", () => {
    let server: DocumentedMongo;
    let connection: Connection;
    before(async () => {
      server = await DocumentedMongo.start();
      connection = await mongoose.createConnection(server.uri, { dbName: 'turns' }).asPromise();
    });
    after(async () => {
      await connection.close();
      await server.stop();
    });

    const histories = atDepth({ quick: 200, deep: 5_000 });
    it(`in ${histories} histories`, () => play((clock) => new MongoStore(connection, { clock }), histories));
  });

  describeMongo('on MongoDB', () => {
    let database: MongoDatabase;
    before(async () => {
      database = await MongoDatabase.create();
    });
    after(() => database.drop());

    const histories = atDepth({ quick: 20, deep: 200 });
    it(`in ${histories} histories`, () => play((clock) => database.store({ clock }), histories));
  });

  describe('on Redis', () => {
    let database: RedisDatabase;
    before(async () => {
      database = await RedisDatabase.create();
    });
    after(() => database.drop());

    const histories = atDepth({ quick: 50, deep: 500 });
    it(`in ${histories} histories`, () => play((clock) => database.store({ clock }), histories));
  });
});

/** Most calls go to the same store as the one before: what it remembers is right then, and wrong after another's turn. */
function inTurn(create: () => LockoutStore, seed: number): LockoutStore {
  const random = randomFrom(seed);
  const [first, ...others] = [create(), ...Array.from({ length: PROCESSES - 1 }, create)] as const;
  const stores = [first, ...others];
  let turn = first;
  return new Proxy(first, {
    get(_first, name) {
      if (random() < CHANGES) turn = stores[Math.floor(random() * stores.length)] as LockoutStore;
      const member: unknown = Reflect.get(turn, name);
      return typeof member === 'function' ? member.bind(turn) : member;
    },
  });
}
